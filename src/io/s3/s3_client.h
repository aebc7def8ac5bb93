#pragma once

// Objects of S3, or of a store that speaks it, through AWS's own client (aws-c-s3): requests are
// signed, retried with backoff, and end: a server that says nothing for a minute has failed.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"

namespace homeroom::io {

/// "s3://bucket/some/key". The key may be empty, or a prefix.
struct S3Url {
  std::string bucket;
  std::string key;
  /// Of this object, where the bucket has versions; empty: the current one.
  std::string version_id = {};

  [[nodiscard]] std::string text() const { return "s3://" + bucket + "/" + key; }
};

[[nodiscard]] bool is_s3_url(std::string_view text);

/// Errors: kInvalidInput for what is no s3:// address, or has no bucket.
[[nodiscard]] Result<S3Url> parse_s3_url(std::string_view text);

/// What was said of an object.
struct S3Object {
  S3Url at;
  std::uint64_t size_bytes = 0;
  std::string etag;        ///< as the server writes it, in quotes
  std::string version_id;  ///< empty: the bucket has none
  std::int64_t modified_s = 0;
};

/// Of a multipart upload, and of what is read at once, unless options say otherwise.
constexpr std::size_t kS3PartBytes = std::size_t{8} << 20;

/// How the store is reached. What is empty is as AWS's own tools find it: AWS_REGION, AWS_PROFILE,
/// files of ~/.aws; keys of the environment, profiles (also sign-on and roles), container, machine.
struct S3Options {
  std::string region = {};
  std::string endpoint = {};  ///< "http://127.0.0.1:7070": another store than AWS's
  std::string profile = {};
  bool has_path_style = false;  ///< the bucket stands in the path, not in the host's name
  std::string encryption = {};  ///< of what is written: "AES256", "aws:kms"; empty: the bucket's
  std::string kms_key = {};     ///< with aws:kms
  std::size_t part_bytes =
      kS3PartBytes;  ///< of a multipart upload, of a range read; at least 5 MiB
  std::size_t num_connections = 8;
  std::chrono::seconds patience{60};  ///< without a byte, or an answer
};

/// An object being written, in parts as they come; see S3Client::write.
class S3Upload : public ByteSink {
 public:
  /// The object is there, whole, when this returns.
  [[nodiscard]] virtual Status finish() = 0;
};

/// May be shared by threads; one is enough for a program.
///
/// Errors: kInvalidInput for an object or bucket that is not there; kConfig for keys that are not
/// found, refused, or may not do this; kIo for a server that cannot be reached, is silent, or
/// fails again and again. The message names the address, detail has S3's code and request id.
class S3Client {
 public:
  [[nodiscard]] static Result<std::shared_ptr<S3Client>> create(const S3Options& options);
  virtual ~S3Client() = default;

  [[nodiscard]] virtual Result<S3Object> find(const S3Url& at) = 0;

  /// The object's bytes from `offset` on. Ranges come in parallel, in order; a few parts are in
  /// memory at most. Another object under the name meanwhile: kInvalidInput, "changed while it was
  /// read", never bytes of both.
  [[nodiscard]] virtual Result<std::unique_ptr<ByteSource>> read(const S3Object& object,
                                                                 std::uint64_t offset) = 0;

  /// Multipart; destroyed without finish(), nothing is left. At most a few parts in memory.
  [[nodiscard]] virtual Result<std::unique_ptr<S3Upload>> write(const S3Url& at) = 0;

  /// One request with a checksum, in place of what stood there.
  [[nodiscard]] virtual Status put(const S3Url& at, std::span<const char> bytes) = 0;

  /// On the server's side, of any size.
  [[nodiscard]] virtual Status copy(const S3Url& from, const S3Url& to) = 0;

  /// One that is not there is fine.
  [[nodiscard]] virtual Status remove(const S3Url& at) = 0;

  /// Objects whose keys begin with the address's, sorted by key: address, size and time.
  [[nodiscard]] virtual Result<std::vector<S3Object>> list(const S3Url& prefix) = 0;
};

/// The client that s3:// addresses are opened with; made when it is first asked for.
/// `use_s3` says how, before that.
void use_s3(const S3Options& options);
[[nodiscard]] Result<std::shared_ptr<S3Client>> s3_client();

}  // namespace homeroom::io
