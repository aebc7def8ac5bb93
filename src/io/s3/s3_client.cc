#include "io/s3/s3_client.h"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <utility>

#include <aws/common/date_time.h>
#include <aws/common/environment.h>
#include <aws/http/connection.h>
#include <aws/s3/s3.h>
#include <aws/sdkutils/aws_profile.h>
#include <fmt/format.h>

#include "io/s3/aws_handle.h"
#include "io/s3/s3_exchange.h"
#include "io/s3/s3_list.h"
#include "io/sha256.h"

namespace homeroom::io {
namespace {

constexpr std::uint64_t kMemoryBytes = 1ULL
                                       << 30;  // a limit, not what is taken: see num_connections
constexpr std::uint32_t kConnectMs = 10'000;
constexpr std::size_t kPartsAhead = 2;
constexpr std::string_view kWrite = "write it as http://host:port or https://host";

// AWS's libraries are told once that they are used, for as long as the program runs.
aws_allocator* libraries() {
  static aws_allocator* const kAllocator = [] {
    aws_s3_library_init(aws_default_allocator());
    return aws_default_allocator();
  }();
  return kAllocator;
}

std::string encoded_path(std::string_view key) {
  aws_byte_buf encoded{};
  aws_byte_buf_init(&encoded, libraries(), key.size() * 3 + 1);
  const aws_byte_cursor cursor = cursor_of(key);
  aws_byte_buf_append_encoding_uri_path(&encoded, &cursor);
  std::string path(text_of(aws_byte_cursor_from_buf(&encoded)));
  aws_byte_buf_clean_up(&encoded);
  return path;
}

std::string encoded_parameter(std::string_view text) {
  aws_byte_buf encoded{};
  aws_byte_buf_init(&encoded, libraries(), text.size() * 3 + 1);
  const aws_byte_cursor cursor = cursor_of(text);
  aws_byte_buf_append_encoding_uri_param(&encoded, &cursor);
  std::string parameter(text_of(aws_byte_cursor_from_buf(&encoded)));
  aws_byte_buf_clean_up(&encoded);
  return parameter;
}

std::string in_environment(const char* name) {
  aws_string* value = aws_get_env(libraries(), name);
  if (value == nullptr) return {};
  std::string text(aws_string_c_str(value));
  aws_string_destroy(value);
  return text;
}

// "region = eu-west-1" of the profile, where the environment does not say.
std::string region_of_profile(const std::string& profile_name) {
  aws_string* path = aws_get_config_file_path(libraries(), nullptr);
  if (path == nullptr) return {};
  aws_profile_collection* profiles =
      aws_profile_collection_new_from_file(libraries(), path, AWS_PST_CONFIG);
  aws_string_destroy(path);
  if (profiles == nullptr) return {};
  std::string region;
  aws_string* name = aws_string_new_from_array(
      libraries(), reinterpret_cast<const std::uint8_t*>(profile_name.data()), profile_name.size());
  const aws_profile* profile = aws_profile_collection_get_profile(profiles, name);
  aws_string_destroy(name);
  if (profile != nullptr) {
    aws_string* key = aws_string_new_from_c_str(libraries(), "region");
    const aws_profile_property* said = aws_profile_get_property(profile, key);
    aws_string_destroy(key);
    if (said != nullptr) region = aws_string_c_str(aws_profile_property_get_value(said));
  }
  aws_profile_collection_release(profiles);
  return region;
}

std::string first_of(std::initializer_list<std::string> texts) {
  for (const std::string& text : texts) {
    if (!text.empty()) return text;
  }
  return {};
}

Error refusal_of(std::string_view what, std::string_view hint) {
  return {.code = ErrorCode::kConfig,
          .message = std::string(what),
          .hint = std::string(hint),
          .detail = aws_error_debug_str(aws_last_error()),
          .position = {}};
}

class Client final : public S3Client, public std::enable_shared_from_this<Client> {
 public:
  explicit Client(S3Options options) : options_(std::move(options)) {}

  ~Client() override {
    if (has_endpoint_) aws_uri_clean_up(&endpoint_);
  }

  Status begin();
  Status find_endpoint();
  Status begin_network();
  Status begin_client();

  Result<S3Object> find(const S3Url& at) override;
  Result<std::unique_ptr<ByteSource>> read(const S3Object& object, std::uint64_t offset) override;
  Result<std::unique_ptr<S3Upload>> write(const S3Url& at) override;
  Status put(const S3Url& at, std::span<const char> bytes) override;
  Status copy(const S3Url& from, const S3Url& to) override;
  Status remove(const S3Url& at) override;
  Result<std::vector<S3Object>> list(const S3Url& prefix) override;

 private:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  [[nodiscard]] S3Exchange::Ask ask(std::string_view operation, std::string_view method,
                                    const S3Url& at, const std::string& query = {},
                                    const Headers& headers = {}) const;
  [[nodiscard]] std::string path_of(const S3Url& at) const;
  [[nodiscard]] std::string host_of(const S3Url& at) const;
  [[nodiscard]] Result<std::unique_ptr<S3Exchange>> start(S3Exchange::Ask ask);
  [[nodiscard]] Headers encryption() const;

  S3Options options_;
  std::string region_;
  std::string profile_;
  aws_uri endpoint_{};
  bool has_endpoint_ = false;
  AwsBootstrap bootstrap_;
  AwsTls tls_;
  AwsCredentials credentials_;
  AwsS3Client client_;
};

class ObjectSource final : public ByteSource {
 public:
  ObjectSource(std::shared_ptr<S3Client> client, std::unique_ptr<S3Exchange> exchange)
      : client_(std::move(client)), exchange_(std::move(exchange)) {}

  Result<std::size_t> read(std::span<char> out) override { return exchange_->read(out); }

 private:
  std::shared_ptr<S3Client> client_;  // outlives what it does
  std::unique_ptr<S3Exchange> exchange_;
};

// An empty object has no range to ask for.
class NothingSource final : public ByteSource {
 public:
  Result<std::size_t> read(std::span<char>) override { return std::size_t{0}; }
};

class Upload final : public S3Upload {
 public:
  Upload(std::shared_ptr<S3Client> client, std::unique_ptr<S3Exchange> exchange)
      : client_(std::move(client)), exchange_(std::move(exchange)) {}

  Status write(std::span<const char> bytes) override { return exchange_->write(bytes); }

  Status finish() override {
    HOMEROOM_TRY(exchange_->end_writing());
    return exchange_->wait();
  }

 private:
  std::shared_ptr<S3Client> client_;
  std::unique_ptr<S3Exchange> exchange_;
};

Status Client::begin() {
  libraries();
  profile_ = first_of({options_.profile, in_environment("AWS_PROFILE"), "default"});
  region_ =
      first_of({options_.region, in_environment("AWS_REGION"), in_environment("AWS_DEFAULT_REGION"),
                region_of_profile(profile_), "us-east-1"});
  HOMEROOM_TRY(find_endpoint());
  HOMEROOM_TRY(begin_network());
  return begin_client();
}

Status Client::find_endpoint() {
  const std::string endpoint = first_of({options_.endpoint, in_environment("AWS_ENDPOINT_URL_S3"),
                                         in_environment("AWS_ENDPOINT_URL")});
  if (endpoint.empty()) return {};
  const aws_byte_cursor text = cursor_of(endpoint);
  if (aws_uri_init_parse(&endpoint_, libraries(), &text) != AWS_OP_SUCCESS) {
    return tl::unexpected(refusal_of(fmt::format("{} is no address of a store", endpoint), kWrite));
  }
  has_endpoint_ = true;
  options_.has_path_style = true;  // a store of one's own seldom has a name for each bucket
  if (aws_uri_scheme(&endpoint_)->len > 0) return {};
  return tl::unexpected(refusal_of(fmt::format("{} does not say http or https", endpoint), kWrite));
}

Status Client::begin_network() {
  aws_s3_client_bootstrap_options few{};
  few.event_loop_count = 2;
  bootstrap_.reset(aws_s3_client_bootstrap_default(libraries(), &few));
  aws_tls_ctx_options tls_options{};
  aws_tls_ctx_options_init_default_client(&tls_options, libraries());
  tls_.reset(aws_tls_client_ctx_new(libraries(), &tls_options));
  aws_tls_ctx_options_clean_up(&tls_options);
  if (bootstrap_ == nullptr || tls_ == nullptr) {
    return tl::unexpected(refusal_of("S3 cannot be used on this machine",
                                     "see whether it has ca-certificates and memory left"));
  }
  aws_credentials_provider_chain_default_options chain{};
  chain.bootstrap = bootstrap_.get();
  chain.tls_ctx = tls_.get();
  chain.profile_name_override = cursor_of(profile_);
  credentials_.reset(aws_credentials_provider_new_chain_default(libraries(), &chain));
  return {};
}

Status Client::begin_client() {
  // NOLINTNEXTLINE(bugprone-invalid-enum-default-initialization): the next line fills it
  aws_signing_config_aws signing{};
  aws_s3_init_default_signing_config(&signing, cursor_of(region_), credentials_.get());
  aws_http_connection_monitoring_options monitoring{};
  monitoring.minimum_throughput_bytes_per_second = 1;
  monitoring.allowable_throughput_failure_interval_seconds =
      static_cast<std::uint32_t>(std::max<std::int64_t>(1, options_.patience.count() / 2));
  aws_tls_connection_options connection{};
  aws_tls_connection_options_init_from_ctx(&connection, tls_.get());
  const bool is_plain = has_endpoint_ && text_of(*aws_uri_scheme(&endpoint_)) == "http";
  aws_s3_client_config config{};
  config.max_active_connections_override = static_cast<std::uint32_t>(options_.num_connections);
  config.region = cursor_of(region_);
  config.client_bootstrap = bootstrap_.get();
  config.tls_mode = is_plain ? AWS_MR_TLS_DISABLED : AWS_MR_TLS_ENABLED;
  config.tls_connection_options = is_plain ? nullptr : &connection;
  config.signing_config = &signing;
  config.part_size = options_.part_bytes;
  config.multipart_upload_threshold = options_.part_bytes;
  config.throughput_target_gbps = 2;
  config.memory_limit_in_bytes = kMemoryBytes;
  config.connect_timeout_ms = kConnectMs;
  config.monitoring_options = &monitoring;
  config.enable_read_backpressure = true;
  config.initial_read_window = kPartsAhead * options_.part_bytes;
  client_.reset(aws_s3_client_new(libraries(), &config));
  aws_tls_connection_options_clean_up(&connection);
  if (client_ != nullptr) return {};
  return tl::unexpected(
      refusal_of("S3 cannot be used with these settings", "check the region and the endpoint"));
}

S3Exchange::Ask Client::ask(std::string_view operation, std::string_view method, const S3Url& at,
                            const std::string& query, const Headers& headers) const {
  S3Exchange::Ask ask;
  ask.operation = operation;
  ask.about = at.key.empty() ? "s3://" + at.bucket : at.text();
  ask.patience = options_.patience;
  ask.message.reset(aws_http_message_new_request(libraries()));
  aws_http_message_set_request_method(ask.message.get(), cursor_of(method));
  const std::string path = query.empty() ? path_of(at) : path_of(at) + "?" + query;
  aws_http_message_set_request_path(ask.message.get(), cursor_of(path));
  const auto add = [&](std::string_view name, std::string_view value) {
    aws_http_message_add_header(
        ask.message.get(), {.name = cursor_of(name), .value = cursor_of(value), .compression = {}});
  };
  add("Host", host_of(at));
  for (const auto& [name, value] : headers) add(name, value);
  ask.endpoint = has_endpoint_ ? &endpoint_ : nullptr;
  return ask;
}

std::string Client::path_of(const S3Url& at) const {
  const std::string bucket = options_.has_path_style ? "/" + encoded_path(at.bucket) : "";
  return bucket + "/" + encoded_path(at.key);
}

std::string Client::host_of(const S3Url& at) const {
  if (has_endpoint_) return std::string(text_of(*aws_uri_authority(&endpoint_)));
  const std::string own = region_.starts_with("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return fmt::format("{}s3.{}.{}", options_.has_path_style ? "" : at.bucket + ".", region_, own);
}

Result<std::unique_ptr<S3Exchange>> Client::start(S3Exchange::Ask ask) {
  return S3Exchange::start(client_.get(), std::move(ask));
}

Client::Headers Client::encryption() const {
  Headers headers;
  if (!options_.encryption.empty()) {
    headers.emplace_back("x-amz-server-side-encryption", options_.encryption);
  }
  if (!options_.kms_key.empty()) {
    headers.emplace_back("x-amz-server-side-encryption-aws-kms-key-id", options_.kms_key);
  }
  return headers;
}

Result<S3Object> Client::find(const S3Url& at) {
  const std::string query =
      at.version_id.empty() ? "" : "versionId=" + encoded_parameter(at.version_id);
  const auto exchange = HOMEROOM_TRY(start(ask("HeadObject", "HEAD", at, query)));
  HOMEROOM_TRY(exchange->wait());
  S3Object object{.at = at,
                  .size_bytes = 0,
                  .etag = exchange->header("etag"),
                  .version_id = exchange->header("x-amz-version-id"),
                  .modified_s = 0};
  object.size_bytes = std::strtoull(exchange->header("content-length").c_str(), nullptr, 10);
  const std::string modified = exchange->header("last-modified");
  const aws_byte_cursor cursor = cursor_of(modified);
  aws_date_time time{};
  if (aws_date_time_init_from_str_cursor(&time, &cursor, AWS_DATE_FORMAT_RFC822) ==
      AWS_OP_SUCCESS) {
    object.modified_s = static_cast<std::int64_t>(aws_date_time_as_epoch_secs(&time));
  }
  return object;
}

Result<std::unique_ptr<ByteSource>> Client::read(const S3Object& object, std::uint64_t offset) {
  if (offset >= object.size_bytes) return std::make_unique<NothingSource>();
  Headers headers;
  if (!object.etag.empty()) headers.emplace_back("If-Match", object.etag);
  if (offset > 0) headers.emplace_back("Range", fmt::format("bytes={}-", offset));
  const std::string query =
      object.at.version_id.empty() ? "" : "versionId=" + encoded_parameter(object.at.version_id);
  S3Exchange::Ask get = ask("GetObject", "GET", object.at, query, headers);
  get.type = AWS_S3_META_REQUEST_TYPE_GET_OBJECT;
  get.is_stream = true;
  get.size_hint = object.size_bytes - offset;
  return std::make_unique<ObjectSource>(shared_from_this(), HOMEROOM_TRY(start(std::move(get))));
}

Result<std::unique_ptr<S3Upload>> Client::write(const S3Url& at) {
  S3Exchange::Ask put = ask("PutObject", "PUT", at, {}, encryption());
  put.type = AWS_S3_META_REQUEST_TYPE_PUT_OBJECT;
  put.is_written = true;
  put.has_checksum = true;
  return std::make_unique<Upload>(shared_from_this(), HOMEROOM_TRY(start(std::move(put))));
}

Status Client::put(const S3Url& at, std::span<const char> bytes) {
  Headers headers = encryption();
  Sha256 hash;
  hash.update(bytes);
  headers.emplace_back("x-amz-checksum-sha256", hash.finish_base64());
  headers.emplace_back("Content-Length", std::to_string(bytes.size()));
  S3Exchange::Ask put = ask("PutObject", "PUT", at, {}, headers);
  put.body = std::string(bytes.data(), bytes.size());
  return HOMEROOM_TRY(start(std::move(put)))->wait();
}

Status Client::copy(const S3Url& from, const S3Url& to) {
  Headers headers = encryption();
  headers.emplace_back("x-amz-copy-source", "/" + from.bucket + "/" + encoded_path(from.key));
  S3Exchange::Ask put = ask("CopyObject", "PUT", to, {}, headers);
  put.type = AWS_S3_META_REQUEST_TYPE_COPY_OBJECT;
  const std::string scheme(has_endpoint_ ? text_of(*aws_uri_scheme(&endpoint_)) : "https");
  put.copied_from = fmt::format("{}://{}{}", scheme, host_of(from), path_of(from));
  return HOMEROOM_TRY(start(std::move(put)))->wait();
}

Status Client::remove(const S3Url& at) {
  const auto exchange = HOMEROOM_TRY(start(ask("DeleteObject", "DELETE", at)));
  const Status done = exchange->wait();
  return exchange->http_status() == 404 ? Status() : done;
}

Result<std::vector<S3Object>> Client::list(const S3Url& prefix) {
  std::vector<S3Object> objects;
  const S3Url bucket{prefix.bucket, ""};
  std::string next;
  do {
    std::string query = "encoding-type=url&list-type=2";
    if (!next.empty()) query += "&continuation-token=" + encoded_parameter(next);
    if (!prefix.key.empty()) query += "&prefix=" + encoded_parameter(prefix.key);
    const auto exchange = HOMEROOM_TRY(start(ask("ListObjectsV2", "GET", bucket, query)));
    HOMEROOM_TRY(exchange->wait());
    S3Page page = HOMEROOM_TRY(parse_s3_page(exchange->body(), prefix.bucket));
    objects.insert(objects.end(), std::make_move_iterator(page.objects.begin()),
                   std::make_move_iterator(page.objects.end()));
    next = std::move(page.next);
  } while (!next.empty());
  return objects;
}

// The program's one client.
struct Shared {
  std::mutex mutex;
  S3Options options;
  std::shared_ptr<S3Client> client;
};

Shared& shared() {
  static Shared instance;
  return instance;
}

}  // namespace

Result<std::shared_ptr<S3Client>> S3Client::create(const S3Options& options) {
  auto client = std::make_shared<Client>(options);
  HOMEROOM_TRY(client->begin());
  return client;
}

void use_s3(const S3Options& options) {
  const std::lock_guard lock(shared().mutex);
  shared().options = options;
  shared().client.reset();
}

Result<std::shared_ptr<S3Client>> s3_client() {
  const std::lock_guard lock(shared().mutex);
  if (shared().client == nullptr) {
    shared().client = HOMEROOM_TRY(S3Client::create(shared().options));
  }
  return shared().client;
}

}  // namespace homeroom::io
