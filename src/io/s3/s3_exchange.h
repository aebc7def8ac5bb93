#pragma once

// One request to S3, or the many that a large object takes: what is sent, what comes back, and how
// it ended. AWS's client calls from its own threads; this class is where they meet ours.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/s3/aws_handle.h"

namespace homeroom::io {

class S3Exchange {
 public:
  struct Ask {
    aws_s3_meta_request_type type = AWS_S3_META_REQUEST_TYPE_DEFAULT;
    std::string operation;  ///< of a single request: "HeadObject"
    AwsMessage message;
    std::string about;  ///< address that errors name
    const aws_uri* endpoint = nullptr;
    std::string body;                             ///< of a single request
    std::optional<std::uint64_t> size_hint = {};  ///< of an object to read
    std::string copied_from;                      ///< the whole address of an object to copy
    bool is_written = false;                      ///< the body comes through write()
    bool is_stream = false;     ///< the answer's body is read as it comes, a few parts ahead
    bool has_checksum = false;  ///< of each part sent
    std::chrono::seconds patience{60};
  };

  [[nodiscard]] static Result<std::unique_ptr<S3Exchange>> start(aws_s3_client* client, Ask ask);
  /// What is under way is given up: an upload leaves nothing.
  ~S3Exchange();
  S3Exchange(const S3Exchange&) = delete;
  S3Exchange& operator=(const S3Exchange&) = delete;

  /// Of a stream: the next bytes; 0 at the end.
  [[nodiscard]] Result<std::size_t> read(std::span<char> out);

  /// The next bytes of the body, and after the last ones nothing more comes.
  [[nodiscard]] Status write(std::span<const char> bytes);
  [[nodiscard]] Status end_writing();

  /// Until all is done.
  [[nodiscard]] Status wait();

  // Once it is done.
  [[nodiscard]] int http_status() const { return http_status_; }

  [[nodiscard]] const std::string& body() const { return body_; }

  [[nodiscard]] std::string header(std::string_view name) const;

 private:
  explicit S3Exchange(Ask ask) : ask_(std::move(ask)) {}

  static int take_headers(aws_s3_meta_request*, const aws_http_headers*, int status, void* self);
  static int take_body(aws_s3_meta_request*, const aws_byte_cursor* bytes, std::uint64_t start,
                       void* self);
  static void finish(aws_s3_meta_request*, const aws_s3_meta_request_result*, void* self);
  static void shut_down(void* self);
  static void wake(void* self);

  // Waits until `is_ready`, as long as something moves.
  template <class Ready>
  [[nodiscard]] Status wait_until(std::unique_lock<std::mutex>& lock, Ready is_ready);
  [[nodiscard]] Status send(std::string_view bytes, bool is_last);
  [[nodiscard]] Error problem() const;

  Ask ask_;
  AwsMetaRequest request_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t num_events_ = 0;  // grows with all that happens: what does not is silent
  bool is_finished_ = false;
  bool is_shut_down_ = false;
  bool may_write_ = true;
  int error_ = 0;
  int http_status_ = 0;
  std::string body_;  // of the answer, or of an error
  std::deque<std::string> chunks_;
  std::size_t chunk_used_ = 0;
  std::deque<std::pair<std::string, std::string>> headers_;
};

}  // namespace homeroom::io
