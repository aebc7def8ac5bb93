#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "clean/characters.h"
#include "clean/column_edit.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

void apply(const ColumnContext& /*context*/, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    std::string& out = edit.scratch();
    out.resize(edit.text(row).size());
    std::ranges::transform(edit.text(row), out.begin(), lower);
    edit.replace(row, out);
  }
}

constexpr std::array kKinds = {Kind::kText, Kind::kIdentifier, Kind::kEmail};

constexpr std::array kExamples = {
    Example{.in = "Ana.Ruiz@Example.ORG", .out = "ana.ruiz@example.org", .kind = Kind::kEmail},
    Example{.in = "ALG-101", .out = "alg-101", .kind = Kind::kIdentifier},
    Example{.in = "alg-101", .out = "alg-101", .kind = Kind::kIdentifier},
};

}  // namespace

extern const Rule rule_lower_case = {
    .name = "lower_case",
    .summary = "Writes the letters A to Z as small ones",
    .applies_to = kKinds,
    .is_default = false,
    .order = 120,
    .looks_for = kEveryValue,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
