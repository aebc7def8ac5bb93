#include <array>
#include <string>
#include <string_view>

#include "clean/column_edit.h"
#include "clean/rule.h"
#include "clean/unicode_text.h"

namespace homeroom::clean {
namespace {

constexpr std::int32_t kNonJoiner = 0x200C;
constexpr std::int32_t kJoiner = 0x200D;
constexpr std::int32_t kFirstThatJoins = 0x0600;  // Arabic; Latin, Greek, Cyrillic come before

// Joiners matter between letters that join and within emoji; elsewhere they are invisible dirt.
bool is_dropped(std::int32_t code, std::int32_t before) {
  if (code == kJoiner || code == kNonJoiner) return before < kFirstThatJoins;
  return is_invisible(code);
}

void apply(const ColumnContext& /*context*/, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    std::string& out = edit.scratch();
    out.clear();
    std::string_view rest = edit.text(row);
    std::int32_t before = 0;
    while (!rest.empty()) {
      const Character character = first_character(rest);
      if (!is_dropped(character.code, before)) {
        out += rest.substr(0, character.size);
        before = character.code;
      }
      rest.remove_prefix(character.size);
    }
    if (out.size() != edit.text(row).size()) edit.replace(row, out);
  }
}

constexpr std::array kExamples = {
    Example{.in = "\xEF\xBB\xBF"
                  "Lincoln",
            .out = "Lincoln"},
    Example{.in = "Lin\xE2\x80\x8B"
                  "coln",
            .out = "Lincoln"},
    Example{.in = "0012\xE2\x80\x8E", .out = "0012", .kind = contract::Kind::kIdentifier},
    Example{.in = "co\xC2\xADop", .out = "coop"},
    Example{.in = "bell\x07", .out = "bell"},
    Example{.in = "two\r\nlines\tand a tab", .out = "two\r\nlines\tand a tab"},
    Example{.in = "\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE\xD9\x88\xD8\xA7\xD9\x87\xD9\x85",
            .out = "\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE\xD9\x88\xD8\xA7\xD9\x87\xD9\x85"},
};

}  // namespace

extern const Rule rule_invisible_characters = {
    .name = "invisible_characters",
    .summary = "Drops byte order marks, zero width characters and control characters within a text",
    .applies_to = {},
    .order = 20,
    .looks_for = kControl | kOddUnicode,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
