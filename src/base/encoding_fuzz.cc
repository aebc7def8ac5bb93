// Property: any bytes in any encoding give valid UTF-8, the same in one piece and as a stream; and
// bytes that are valid UTF-8 come through as they are.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/encoding.h"

namespace homeroom {
namespace {

class PieceSource final : public ByteSource {
 public:
  PieceSource(std::string_view bytes, std::size_t piece) : bytes_(bytes), piece_(piece) {}

  [[nodiscard]] Result<std::size_t> read(std::span<char> out) override {
    const std::size_t size = std::min({out.size(), bytes_.size(), piece_});
    if (size > 0) std::memcpy(out.data(), bytes_.data(), size);
    bytes_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view bytes_;
  std::size_t piece_;
};

std::string stream(std::string_view bytes, std::string_view encoding, std::size_t piece) {
  PieceSource source(bytes, piece);
  const auto decoder = DecodingSource::create(source, encoding);
  std::string text;
  std::vector<char> room(3 + piece);
  while (const std::size_t size = (*decoder)->read(room).value_or(0)) {
    text.append(room.data(), size);
  }
  return text;
}

void check(std::string_view bytes, std::string_view encoding, std::size_t piece) {
  const std::string whole = decode_all(bytes, encoding).value();
  if (!is_valid_utf8(whole)) __builtin_trap();
  if (stream(bytes, encoding, piece) != whole) __builtin_trap();
  const bool has_mark = bytes.starts_with("\xEF\xBB\xBF");
  if (encoding == "utf-8" && is_valid_utf8(bytes) && !has_mark && whole != bytes) {
    __builtin_trap();
  }
}

}  // namespace
}  // namespace homeroom

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static const std::vector<std::string_view> encodings = homeroom::known_encodings();
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  homeroom::check(bytes, encodings[data[0] % encodings.size()], 1U + data[1]);
  return 0;
}
