// Property: any bytes are either refused or encoded within the promised room, and what was
// encoded reads back as the same value.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "load/binary_value.h"
#include "load/read_binary.h"

namespace {

using homeroom::SqlType;
using homeroom::load::kValueOverheadBytes;

// Encodes into exactly the room that is promised; nothing when refused.
std::vector<char> encode(SqlType type, std::string_view text) {
  std::vector<char> out(text.size() + kValueOverheadBytes);
  const char* end = homeroom::load::write_binary(type, text, out.data());
  if (end == nullptr) return {};
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr int kNumTypes = static_cast<int>(SqlType::kJsonb) + 1;
  const auto type = static_cast<SqlType>(data[0] % kNumTypes);
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::vector<char> bytes = encode(type, text);
  if (bytes.empty()) return 0;
  const std::string read = homeroom::load::read_binary(type, {bytes.data(), bytes.size()});
  // The text may have been written another way (+1, .5, an offset); its canonical form is fixed.
  if (encode(type, read) != bytes) __builtin_trap();
  return 0;
}
