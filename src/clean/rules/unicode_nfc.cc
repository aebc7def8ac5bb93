#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <utf8proc.h>

#include "clean/column_edit.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

constexpr auto kCompose = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);

// Room for the characters of one cell; longer cells are rare and take it from the heap.
constexpr std::size_t kRoom = 256;

// Composes `text` into `out`; false when it is no UTF-8. `room` holds what it decomposes into.
bool compose(std::string_view text, std::span<std::int32_t> room, std::string& out) {
  const auto count = utf8proc_decompose(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                        static_cast<utf8proc_ssize_t>(text.size()), room.data(),
                                        static_cast<utf8proc_ssize_t>(room.size()), kCompose);
  if (count < 0) return false;
  if (static_cast<std::size_t>(count) > room.size()) {
    std::vector<std::int32_t> more(static_cast<std::size_t>(count));
    return compose(text, more, out);
  }
  const auto composed = utf8proc_normalize_utf32(room.data(), count, kCompose);
  out.clear();
  for (const std::int32_t code : room.first(static_cast<std::size_t>(composed))) {
    std::array<utf8proc_uint8_t, 4> bytes = {};
    const auto size = utf8proc_encode_char(code, bytes.data());
    out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
  }
  return true;
}

void apply(const ColumnContext& /*context*/, ColumnEdit& edit) {
  std::array<std::int32_t, kRoom> room = {};
  for (const RowIndex row : edit.rows()) {
    std::string& out = edit.scratch();
    if (compose(edit.text(row), room, out)) edit.replace(row, out);
  }
}

constexpr std::array kExamples = {
    Example{.in = "Jose\xCC\x81", .out = "Jos\xC3\xA9"},
    Example{.in = "Jose\xCC\x81", .out = "Jos\xC3\xA9", .is_declared = false},
    Example{.in = "Nguy\xC3\xAA\xCC\x83n", .out = "Nguy\xE1\xBB\x85n"},
    Example{.in = "Jos\xC3\xA9", .out = "Jos\xC3\xA9"},
    Example{.in = "\xE2\x84\xAB", .out = "\xC3\x85"},
    Example{.in = "not \xFF UTF-8 \xCC\x81", .out = "not \xFF UTF-8 \xCC\x81"},
};

}  // namespace

extern const Rule rule_unicode_nfc = {
    .name = "unicode_nfc",
    .summary =
        "Writes letters with marks as one character (Unicode form NFC), so that equal names "
        "are equal bytes",
    .applies_to = {},
    .order = 50,
    .needs_declaration = false,
    .looks_for = kOddUnicode,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
