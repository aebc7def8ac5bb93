#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "clean/canonical.h"
#include "clean/column_edit.h"
#include "clean/contact_text.h"
#include "clean/rule.h"
#include "clean/spreadsheet_text.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

constexpr std::size_t kZip = 5;
constexpr std::size_t kZipPlusFour = 9;

// "019071234", "01907 - 1234", "01907-"; Canada's codes with or without their blank.
bool write_postcode(std::string_view text, std::string& out) {
  out.clear();
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  if (is_all_digits(out)) {
    if (out.size() == kZip && trim(text).find_first_of(" -") < kZip) return false;
    if (out.size() == kZipPlusFour) out.insert(kZip, "-");
    return is_plain_postcode(out);
  }
  if (out.size() == 6) out.insert(3, " ");
  return is_plain_postcode(out);
}

void apply(const ColumnContext& context, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    std::string_view text = edit.text(row);
    const auto whole = drop_point_zero(text);
    if (whole && context.profile.all_end_in_point_zero) text = *whole;
    std::string& out = edit.scratch();
    if (write_postcode(text, out)) {
      edit.replace(row, out);
    } else if (is_all_digits(text) && (text.size() == 3 || text.size() == 4)) {
      edit.mark_bad(row, "a ZIP code has five digits",
                    "put the leading zeros back that a spreadsheet dropped");
    } else {
      edit.mark_bad(row, "not a postal code");
    }
  }
}

constexpr std::array kKinds = {Kind::kPostcode};

constexpr Example example(std::string_view in, std::string_view out) {
  return {.in = in,
          .out = out,
          .state = out.empty() ? CellState::kBad : CellState::kValue,
          .kind = Kind::kPostcode};
}

constexpr std::array kExamples = {
    example("01907", "01907"),
    example("019071234", "01907-1234"),
    example("01907 - 1234", "01907-1234"),
    example("01907-", "01907"),
    example("v5k0a1", "V5K 0A1"),
    Example{
        .in = "10001.0", .out = "10001", .kind = Kind::kPostcode, .all_end_in_point_zero = true},
    example("1907", ""),
    example("019-07", ""),
    example("10001.0", ""),
    example("NY 10001", ""),
};

}  // namespace

extern const Rule rule_postcode = {
    .name = "postcode",
    .summary =
        "Writes a ZIP code as 12345 or 12345-6789 and Canada's as A1A 1A1; refuses one that "
        "lost its leading zero",
    .applies_to = kKinds,
    .order = 100,
    .looks_for = kUnread,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
