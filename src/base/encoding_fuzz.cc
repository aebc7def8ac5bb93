// Property: any bytes in any encoding give valid UTF-8, the same in one piece and as a stream; and
// bytes that are valid UTF-8 come through as they are. Undoing UTF-8 within UTF-8 gives valid
// UTF-8, in one piece and as a stream, and counts the same.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/double_encoding.h"
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

void check_twice(std::string_view text, std::size_t piece) {
  using Action = DoubleEncodingSource::Action;
  const std::string undone = undo_double_encoding(text);
  const DoubleEncodingCount count = count_double_encoding(text);
  if (!is_valid_utf8(undone)) __builtin_trap();
  if ((count.num_doubled == 0) != (undone == text)) __builtin_trap();
  for (const Action action : {Action::kCount, Action::kUndo}) {
    PieceSource source(text, piece);
    const auto twice = DoubleEncodingSource::create(source, action);
    std::string streamed;
    std::vector<char> room(3 + piece);
    while (const std::size_t size = twice->read(room).value_or(0)) {
      streamed.append(room.data(), size);
    }
    if (streamed != (action == Action::kUndo ? std::string_view(undone) : text)) __builtin_trap();
    if (twice->count().num_doubled != count.num_doubled) __builtin_trap();
    if (twice->count().first_offset != count.first_offset) __builtin_trap();
  }
}

void check(std::string_view bytes, std::string_view encoding, std::size_t piece) {
  const std::string whole = decode_all(bytes, encoding).value();
  if (!is_valid_utf8(whole)) __builtin_trap();
  if (stream(bytes, encoding, piece) != whole) __builtin_trap();
  const bool has_mark = bytes.starts_with("\xEF\xBB\xBF");
  if (encoding == "utf-8" && is_valid_utf8(bytes) && !has_mark && whole != bytes) {
    __builtin_trap();
  }
  check_twice(whole, piece);
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
