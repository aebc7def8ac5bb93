#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <string_view>

#include "clean/characters.h"
#include "clean/column_edit.h"
#include "clean/contact_text.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

constexpr std::size_t kNational = 10;  // area code, exchange, number

// The ten digits of a number of North America; nothing is written for another one.
bool write_national(std::string_view text, std::string& out) {
  out.clear();
  if (!is_phone(text) || text.find_first_of("xXeE#") != std::string_view::npos) return false;
  std::ranges::copy_if(text, std::back_inserter(out), is_digit);
  if (out.size() == kNational + 1 && out.front() == '1') {
    out.erase(0, 1);
  } else if (text.front() == '+') {
    return false;
  }
  return out.size() == kNational;
}

void apply(const ColumnContext& /*context*/, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    std::string& out = edit.scratch();
    if (!write_national(edit.text(row), out)) continue;
    out.insert(6, "-").insert(3, "-");
    edit.replace(row, out);
  }
}

constexpr std::array kKinds = {Kind::kPhone};

constexpr Example example(std::string_view in, std::string_view out) {
  return {.in = in, .out = out, .kind = Kind::kPhone};
}

constexpr std::array kExamples = {
    example("(555) 555-0100", "555-555-0100"),
    example("5555550100", "555-555-0100"),
    example("+1 234 567 890", "+1 234 567 890"),
    example("+1 555 555 0100", "555-555-0100"),
    example("555-0100", "555-0100"),
    example("+44 20 7946 0000", "+44 20 7946 0000"),
    example("555-555-0100 x12", "555-555-0100 x12"),
};

}  // namespace

extern const Rule rule_phone_digits = {
    .name = "phone_digits",
    .summary = "Writes telephone numbers of ten digits as 555-555-0100",
    .applies_to = kKinds,
    .is_default = false,
    .order = 120,
    .looks_for = kEveryValue,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
