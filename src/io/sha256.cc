#include "io/sha256.h"

#include <array>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>

#include <openssl/evp.h>

namespace homeroom::io {
namespace {

struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

constexpr int kDigestBytes = 32;

/// OpenSSL's calls here fail for want of memory only.
void require(int outcome) {
  if (outcome != 1) throw std::bad_alloc();
}

}  // namespace

struct Sha256::State {
  std::unique_ptr<EVP_MD_CTX, ContextDeleter> context{EVP_MD_CTX_new()};

  std::array<unsigned char, kDigestBytes> finish() const {
    std::array<unsigned char, kDigestBytes> digest{};
    require(EVP_DigestFinal_ex(context.get(), digest.data(), nullptr));
    return digest;
  }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  if (state_->context == nullptr) throw std::bad_alloc();
  require(EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr));
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::span<const char> bytes) {
  require(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()));
}

std::string Sha256::finish() {
  const std::array<unsigned char, kDigestBytes> digest = state_->finish();
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

std::string Sha256::finish_base64() {
  const std::array<unsigned char, kDigestBytes> digest = state_->finish();
  std::array<unsigned char, 4 * ((kDigestBytes + 2) / 3) + 1> text{};  // with the NUL it ends in
  const int size = EVP_EncodeBlock(text.data(), digest.data(), kDigestBytes);
  return {text.begin(), text.begin() + size};
}

}  // namespace homeroom::io
