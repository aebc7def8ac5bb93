#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "clean/column_edit.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

void apply(const ColumnContext& /*context*/, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    std::string& out = edit.scratch();
    out.resize(edit.text(row).size());
    std::ranges::transform(edit.text(row), out.begin(), upper);
    edit.replace(row, out);
  }
}

constexpr std::array kKinds = {Kind::kText, Kind::kIdentifier, Kind::kMark};

constexpr std::array kExamples = {
    Example{.in = "b+", .out = "B+", .kind = Kind::kMark},
    Example{.in = "alg-101", .out = "ALG-101", .kind = Kind::kIdentifier},
    Example{.in = "ALG-101", .out = "ALG-101", .kind = Kind::kIdentifier},
};

}  // namespace

extern const Rule rule_upper_case = {
    .name = "upper_case",
    .summary = "Writes the letters a to z as capitals",
    .applies_to = kKinds,
    .is_default = false,
    .order = 120,
    .looks_for = kEveryValue,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
