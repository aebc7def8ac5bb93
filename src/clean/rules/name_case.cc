#include <array>
#include <string>
#include <string_view>

#include <utf8proc.h>

#include "clean/column_edit.h"
#include "clean/rule.h"
#include "clean/unicode_text.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

constexpr std::int32_t kRightQuote = 0x2019;

bool is_upper(std::int32_t code) {
  return utf8proc_category(code) == UTF8PROC_CATEGORY_LU;
}

bool is_lower(std::int32_t code) {
  return utf8proc_category(code) == UTF8PROC_CATEGORY_LL;
}

void append(std::int32_t code, std::string& out) {
  std::array<utf8proc_uint8_t, 4> bytes = {};
  const auto size = utf8proc_encode_char(code, bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
}

// Who wrote both cases knew how the name is written.
bool is_of_one_case(std::string_view text) {
  bool has_upper = false;
  bool has_lower = false;
  while (!text.empty()) {
    const Character character = first_character(text);
    has_upper = has_upper || is_upper(character.code);
    has_lower = has_lower || is_lower(character.code);
    text.remove_prefix(character.size);
  }
  return has_upper != has_lower;
}

bool is_numeral(std::string_view word) {
  return word == "II" || word == "III" || word == "IV" || word == "ii" || word == "iii" ||
         word == "iv";
}

// Takes a run of letters off the front.
std::string_view take_word(std::string_view& rest) {
  std::size_t size = 0;
  while (size < rest.size()) {
    const Character character = first_character(rest.substr(size));
    if (!is_upper(character.code) && !is_lower(character.code)) break;
    size += character.size;
  }
  const std::string_view word = rest.substr(0, size);
  rest.remove_prefix(size);
  return word;
}

// "O'BRIEN" has two capitals, "JAMES'S" one.
void append_word(std::string_view word, bool begins, std::string& out) {
  const bool is_mc = word.size() > 3 && (word.starts_with("MC") || word.starts_with("mc"));
  std::size_t num_letters = 0;
  const bool all_upper = is_numeral(word);
  for (std::string_view rest = word; !rest.empty(); ++num_letters) {
    const Character character = first_character(rest);
    const bool is_capital =
        all_upper || (begins && num_letters == 0) || (is_mc && num_letters == 2);
    append(is_capital ? utf8proc_toupper(character.code) : utf8proc_tolower(character.code), out);
    rest.remove_prefix(character.size);
  }
}

void write_name(std::string_view rest, std::string& out) {
  out.clear();
  bool is_after_quote = false;
  while (!rest.empty()) {
    const std::string_view word = take_word(rest);
    append_word(word, !is_after_quote || word.size() > 1, out);
    if (rest.empty()) break;
    const Character mark = first_character(rest);
    is_after_quote = mark.code == '\'' || mark.code == kRightQuote;
    out += rest.substr(0, mark.size);
    rest.remove_prefix(mark.size);
  }
}

void apply(const ColumnContext& /*context*/, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    if (!is_of_one_case(edit.text(row))) continue;
    write_name(edit.text(row), edit.scratch());
    edit.replace(row, edit.scratch());
  }
}

constexpr std::array kKinds = {Kind::kPersonName, Kind::kText};

constexpr Example example(std::string_view in, std::string_view out) {
  return {.in = in, .out = out, .kind = Kind::kPersonName};
}

constexpr std::array kExamples = {
    example("RUIZ, ANA", "Ruiz, Ana"),
    example("ana mar\xC3\xAD"
            "a",
            "Ana Mar\xC3\xAD"
            "a"),
    example("O'BRIEN-MCDONALD", "O'Brien-McDonald"),
    example("KING, JAMES, III", "King, James, III"),
    example("\xC3\x89MILE", "\xC3\x89mile"),
    example("van der Berg", "van der Berg"),
    example("DeShawn", "DeShawn"),
};

}  // namespace

extern const Rule rule_name_case = {
    .name = "name_case",
    .summary =
        "Writes a name that is all capitals or all small letters with capitals at the start of "
        "its words; a name in both cases is left",
    .applies_to = kKinds,
    .is_default = false,
    .order = 120,
    .looks_for = kEveryValue,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
