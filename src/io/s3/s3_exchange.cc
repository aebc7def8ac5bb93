#include "io/s3/s3_exchange.h"

#include <algorithm>
#include <utility>

#include <aws/common/error.h>
#include <aws/s3/s3.h>
#include <fmt/format.h>

#include "base/text.h"

namespace homeroom::io {
namespace {

// A stream keeps so much ahead of its reader; an answer that is no stream is smaller.
constexpr std::size_t kMostBody = 64 << 20;

// What stands between <name> and </name>. Answers that are errors are a few flat elements.
std::string_view element(std::string_view xml, std::string_view name) {
  const std::string begin = fmt::format("<{}>", name);
  const std::size_t from = xml.find(begin);
  if (from == std::string_view::npos) return {};
  const std::size_t to = xml.find("</", from);
  if (to == std::string_view::npos) return {};
  return xml.substr(from + begin.size(), to - from - begin.size());
}

}  // namespace

Result<std::unique_ptr<S3Exchange>> S3Exchange::start(aws_s3_client* client, Ask ask) {
  std::unique_ptr<S3Exchange> exchange(new S3Exchange(std::move(ask)));
  Ask& asked = exchange->ask_;
  aws_s3_checksum_config checksum{};
  checksum.validate_response_checksum = asked.type == AWS_S3_META_REQUEST_TYPE_GET_OBJECT;
  if (asked.has_checksum) {
    checksum.location = AWS_SCL_TRAILER;
    checksum.checksum_algorithm = AWS_SCA_CRC32;
  }
  aws_s3_meta_request_options options{};
  options.type = asked.type;
  options.operation_name = cursor_of(asked.operation);
  options.message = asked.message.get();
  options.endpoint = asked.endpoint;
  if (!asked.body.empty()) options.request_body = cursor_of(asked.body);
  options.checksum_config = &checksum;
  options.copy_source_uri = cursor_of(asked.copied_from);
  options.send_using_async_writes = asked.is_written;
  if (asked.size_hint) options.object_size_hint = &*asked.size_hint;
  options.headers_callback = &S3Exchange::take_headers;
  options.body_callback = &S3Exchange::take_body;
  options.finish_callback = &S3Exchange::finish;
  options.shutdown_callback = &S3Exchange::shut_down;
  options.user_data = exchange.get();
  exchange->request_.reset(aws_s3_client_make_meta_request(client, &options));
  if (exchange->request_ == nullptr) {
    exchange->is_shut_down_ = true;
    return fail_with_detail(ErrorCode::kIo, fmt::format("cannot ask for {}", asked.about),
                            "this is a defect of Homeroom: please report it",
                            aws_error_debug_str(aws_last_error()));
  }
  return exchange;
}

S3Exchange::~S3Exchange() {
  if (request_ == nullptr) return;
  aws_s3_meta_request_cancel(request_.get());
  request_.reset();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return is_shut_down_; });
}

int S3Exchange::take_headers(aws_s3_meta_request*, const aws_http_headers* headers, int status,
                             void* self) {
  auto& exchange = *static_cast<S3Exchange*>(self);
  const std::lock_guard lock(exchange.mutex_);
  exchange.http_status_ = status;
  ++exchange.num_events_;
  for (std::size_t i = 0; i < aws_http_headers_count(headers); ++i) {
    aws_http_header header{};
    if (aws_http_headers_get_index(headers, i, &header) != AWS_OP_SUCCESS) continue;
    exchange.headers_.emplace_back(to_lower(text_of(header.name)), text_of(header.value));
  }
  return AWS_OP_SUCCESS;
}

int S3Exchange::take_body(aws_s3_meta_request*, const aws_byte_cursor* bytes, std::uint64_t,
                          void* self) {
  auto& exchange = *static_cast<S3Exchange*>(self);
  const std::lock_guard lock(exchange.mutex_);
  ++exchange.num_events_;
  if (exchange.ask_.is_stream) {
    if (bytes->len > 0) exchange.chunks_.emplace_back(text_of(*bytes));
  } else if (exchange.body_.size() + bytes->len <= kMostBody) {
    exchange.body_ += text_of(*bytes);
  } else {
    return aws_raise_error(AWS_ERROR_SHORT_BUFFER);
  }
  exchange.changed_.notify_all();
  return AWS_OP_SUCCESS;
}

void S3Exchange::finish(aws_s3_meta_request*, const aws_s3_meta_request_result* result,
                        void* self) {
  auto& exchange = *static_cast<S3Exchange*>(self);
  const std::lock_guard lock(exchange.mutex_);
  exchange.error_ = result->error_code;
  if (result->response_status != 0) exchange.http_status_ = result->response_status;
  if (result->error_response_body != nullptr) {
    exchange.body_ = text_of(aws_byte_cursor_from_buf(result->error_response_body));
  }
  exchange.is_finished_ = true;
  exchange.changed_.notify_all();
}

void S3Exchange::shut_down(void* self) {
  auto& exchange = *static_cast<S3Exchange*>(self);
  const std::lock_guard lock(exchange.mutex_);
  exchange.is_shut_down_ = true;
  exchange.changed_.notify_all();
}

void S3Exchange::wake(void* self) {
  auto& exchange = *static_cast<S3Exchange*>(self);
  const std::lock_guard lock(exchange.mutex_);
  exchange.may_write_ = true;
  ++exchange.num_events_;
  exchange.changed_.notify_all();
}

template <class Ready>
Status S3Exchange::wait_until(std::unique_lock<std::mutex>& lock, Ready is_ready) {
  while (!is_ready()) {
    const std::uint64_t before = num_events_;
    const auto moves = [&] { return is_ready() || num_events_ != before; };
    if (changed_.wait_for(lock, ask_.patience, moves)) continue;
    return fail(
        ErrorCode::kIo,
        fmt::format("{}: the server has been silent for {} s", ask_.about, ask_.patience.count()),
        "see whether the store and the network work, then try again");
  }
  return {};
}

Result<std::size_t> S3Exchange::read(std::span<char> out) {
  std::unique_lock lock(mutex_);
  HOMEROOM_TRY(wait_until(lock, [this] { return !chunks_.empty() || is_finished_; }));
  if (chunks_.empty()) {
    if (error_ != 0) return tl::unexpected(problem());
    return 0;
  }
  const std::string& chunk = chunks_.front();
  const std::size_t size = std::min(out.size(), chunk.size() - chunk_used_);
  std::copy_n(chunk.data() + chunk_used_, size, out.data());
  chunk_used_ += size;
  if (chunk_used_ == chunk.size()) {
    chunks_.pop_front();
    chunk_used_ = 0;
  }
  lock.unlock();
  aws_s3_meta_request_increment_read_window(request_.get(), size);
  return size;
}

Status S3Exchange::write(std::span<const char> bytes) {
  return send({bytes.data(), bytes.size()}, false);
}

Status S3Exchange::end_writing() {
  return send({}, true);
}

Status S3Exchange::send(std::string_view bytes, bool is_last) {
  for (bool is_sent = false; !is_sent;) {
    {
      std::unique_lock lock(mutex_);
      HOMEROOM_TRY(wait_until(lock, [this] { return may_write_ || is_finished_; }));
      if (is_finished_) return tl::unexpected(problem());
      may_write_ = false;
    }
    const auto sent = aws_s3_meta_request_poll_write(request_.get(), cursor_of(bytes), is_last,
                                                     &S3Exchange::wake, this);
    if (sent.is_pending) continue;
    {
      const std::lock_guard lock(mutex_);
      may_write_ = true;
    }
    if (sent.error_code != 0) {
      HOMEROOM_TRY(wait());
      return fail_with_detail(ErrorCode::kIo, fmt::format("cannot write {}", ask_.about),
                              "try again", aws_error_debug_str(sent.error_code));
    }
    bytes.remove_prefix(sent.bytes_processed);
    is_sent = bytes.empty();
  }
  return {};
}

Status S3Exchange::wait() {
  std::unique_lock lock(mutex_);
  HOMEROOM_TRY(wait_until(lock, [this] { return is_finished_; }));
  if (error_ != 0) return tl::unexpected(problem());
  return {};
}

std::string S3Exchange::header(std::string_view name) const {
  const auto found = std::ranges::find(headers_, name, &std::pair<std::string, std::string>::first);
  return found == headers_.end() ? std::string() : found->second;
}

// By what S3 answered, else by why it did not.
Error S3Exchange::problem() const {
  Error error{.code = ErrorCode::kIo,
              .message = {},
              .hint = "see whether the store and the network work, then try again",
              .detail = fmt::format("{} {} {}", http_status_, element(body_, "Code"),
                                    element(body_, "RequestId")),
              .position = {}};
  const std::string_view code = element(body_, "Code");
  if (http_status_ == 404) {
    error.code = ErrorCode::kInvalidInput;
    error.message = code == "NoSuchBucket" ? fmt::format("{}: there is no such bucket", ask_.about)
                                           : fmt::format("{} is not there", ask_.about);
    error.hint = "check the address, and the region";
  } else if (http_status_ == 412) {
    error.code = ErrorCode::kInvalidInput;
    error.message = fmt::format("{} changed while it was read", ask_.about);
    error.hint = "run again: the new object is then taken";
  } else if (http_status_ == 401 || http_status_ == 403) {
    error.code = ErrorCode::kConfig;
    error.message = fmt::format("{}: access denied", ask_.about);
    error.hint = code == "SignatureDoesNotMatch" || code == "InvalidAccessKeyId"
                     ? "the store does not accept the access key: check AWS_ACCESS_KEY_ID and "
                       "AWS_SECRET_ACCESS_KEY, or the profile"
                     : "the account may not do this: check its policy for the bucket";
  } else if (http_status_ >= 300) {
    error.message = fmt::format("{}: the store answered {} {}", ask_.about, http_status_, code);
    if (http_status_ == 301) error.hint = "the bucket is in another region: set AWS_REGION";
  } else if (error_ == AWS_ERROR_S3_RESPONSE_CHECKSUM_MISMATCH) {
    error.message = fmt::format("{}: bytes came that are not those of the object", ask_.about);
    error.hint = "read it again; should it stay so, the store has damaged it";
  } else {
    error.message = fmt::format("{} cannot be reached: {}", ask_.about, aws_error_str(error_));
    error.detail = aws_error_debug_str(error_);
    const std::string_view library = aws_error_lib_name(error_);
    if (library == "aws-c-auth") {
      error.code = ErrorCode::kConfig;
      error.hint =
          "no access key was found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
          "AWS_PROFILE";
    }
  }
  return error;
}

}  // namespace homeroom::io
