#pragma once

#include <memory>
#include <span>
#include <string>

namespace homeroom::io {

/// SHA-256 of bytes that arrive in pieces (OpenSSL). Not shared by threads.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(std::span<const char> bytes);
  /// 64 lower-case hex digits. Once, this or the next.
  [[nodiscard]] std::string finish();
  /// As S3 writes it.
  [[nodiscard]] std::string finish_base64();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace homeroom::io
