#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"
#include "clean/column_edit.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

constexpr std::array<std::string_view, 8> kTrue = {"1", "y", "yes", "t", "true", "x", "1.0", "on"};
constexpr std::array<std::string_view, 7> kFalse = {"0", "n", "no", "f", "false", "0.0", "off"};

bool is_in(std::span<const std::string_view> tokens, std::string_view text) {
  return std::ranges::any_of(
      tokens, [&](std::string_view token) { return equals_ignoring_case(token, text); });
}

void apply(const ColumnContext& /*context*/, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    if (is_in(kTrue, edit.text(row))) {
      edit.replace_with_view(row, "true");
    } else if (is_in(kFalse, edit.text(row))) {
      edit.replace_with_view(row, "false");
    } else {
      edit.mark_bad(row, "neither yes nor no");
    }
  }
}

constexpr std::array kKinds = {Kind::kBoolean};

constexpr std::array kExamples = {
    Example{.in = "Y", .out = "true", .kind = Kind::kBoolean},
    Example{.in = "True", .out = "true", .kind = Kind::kBoolean},
    Example{.in = "1", .out = "true", .kind = Kind::kBoolean},
    Example{.in = "X", .out = "true", .kind = Kind::kBoolean},
    Example{.in = "NO", .out = "false", .kind = Kind::kBoolean},
    Example{.in = "0", .out = "false", .kind = Kind::kBoolean},
    Example{.in = "SLI", .out = {}, .state = CellState::kBad, .kind = Kind::kBoolean},
};

}  // namespace

extern const Rule rule_boolean_token = {
    .name = "boolean_token",
    .summary = "Reads yes and no in the forms systems write (1/0, Y/N, True/False, X)",
    .applies_to = kKinds,
    .order = 100,
    .looks_for = kUnread,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
