// Property: any bytes end, within the limits, in text or in one error, and a source that gives them
// one by one gives the same.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/byte_source.h"
#include "base/result.h"
#include "io/decompress/decompress.h"

namespace {

using homeroom::Result;

constexpr std::size_t kMostBytes = std::size_t{1} << 20;

class TextSource final : public homeroom::ByteSource {
 public:
  TextSource(std::string_view text, std::size_t step) : text_(text), step_(step) {}

  Result<std::size_t> read(std::span<char> out) override {
    const std::size_t size = text_.copy(out.data(), std::min(out.size(), step_));
    text_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view text_;
  std::size_t step_;
};

Result<std::string> read_all(std::string_view bytes, std::size_t step) {
  TextSource source(bytes, step);
  const auto opened = HOMEROOM_TRY(homeroom::io::decompress(source, {.max_bytes = kMostBytes}));
  std::string text;
  std::string buffer(std::size_t{1} << 14, '\0');
  for (;;) {
    const std::size_t size = HOMEROOM_TRY(opened->read(buffer));
    if (size == 0) return text;
    text.append(buffer, 0, size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = read_all(bytes, kMostBytes);
  const auto one_by_one = read_all(bytes, 1);
  if (whole.has_value() != one_by_one.has_value()) __builtin_trap();
  if (whole && *whole != *one_by_one) __builtin_trap();
  if (whole && whole->size() > std::max(kMostBytes, size)) __builtin_trap();
  return 0;
}
