#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"
#include "clean/characters.h"
#include "clean/column_edit.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

using contract::Enumeration;
using contract::EnumerationValue;
using contract::Kind;

// Shorter words have a neighbour one letter away whatever they mean.
constexpr std::size_t kShortestToSuggest = 4;
constexpr std::size_t kLongestToSuggest = 40;

const EnumerationValue* find_value(const Enumeration& enumeration, std::string_view text,
                                   std::string& folded) {
  contract::fold_spelling(text, folded);
  auto found = enumeration.by_spelling.find(folded);
  if (found == enumeration.by_spelling.end() && folded.ends_with(".0")) {
    folded.erase(folded.size() - 2);  // a number that went through a spreadsheet
    found = enumeration.by_spelling.find(folded);
  }
  return found == enumeration.by_spelling.end() ? nullptr : &enumeration.values[found->second];
}

// The spelling nearest to `folded`, of those that mean one code; empty when none is near.
std::string_view nearest_spelling(const Enumeration& enumeration, std::string_view folded) {
  if (folded.size() < kShortestToSuggest || folded.size() > kLongestToSuggest ||
      !std::ranges::any_of(folded, is_letter)) {
    return {};
  }
  int best_distance = static_cast<int>(folded.size()) / 3 + 1;
  std::string_view best;
  for (const auto& [spelling, index] : enumeration.by_spelling) {
    const int distance = edit_distance(folded, spelling, best_distance);
    if (distance == 0 || distance > best_distance) continue;
    // Of equally near ones the first in the alphabet, since a map has no order.
    if (distance == best_distance && (best.empty() || spelling > best)) continue;
    best_distance = distance;
    best = spelling;
  }
  return best;
}

void mark_unknown(const Enumeration& enumeration, RowIndex row, ColumnEdit& edit) {
  std::string& folded = edit.scratch();
  contract::fold_spelling(edit.text(row), folded);
  const std::string_view best = nearest_spelling(enumeration, folded);
  if (best.empty()) {
    edit.mark_bad(row, "not a known code");
    return;
  }
  edit.mark_bad(row, "not a known code", edit.keep(fmt::format("did you mean {}?", best)));
}

void apply(const ColumnContext& context, ColumnEdit& edit) {
  if (context.enumeration == nullptr) return;
  for (const RowIndex row : edit.rows()) {
    const EnumerationValue* value =
        find_value(*context.enumeration, edit.text(row), edit.scratch());
    if (value == nullptr && context.kind == Kind::kText) continue;  // an open list
    if (value == nullptr) {
      mark_unknown(*context.enumeration, row, edit);
    } else {
      edit.replace_with_view(row, value->code);
    }
  }
}

constexpr std::array kKinds = {Kind::kEnumeration, Kind::kText};

constexpr Example example(std::string_view in, std::string_view out, std::string_view enumeration,
                          Kind kind = Kind::kEnumeration) {
  return {.in = in,
          .out = out,
          .state = out.empty() ? CellState::kBad : CellState::kValue,
          .kind = kind,
          .enumeration = enumeration};
}

constexpr std::array kExamples = {
    example("Female", "F", "sex"),
    example("female", "F", "sex"),
    example("K", "KG", "grade_level"),
    example("1", "01", "grade_level"),
    example("1.0", "01", "grade_level"),
    example("Three", "03", "grade_level"),
    example("grade   1", "01", "grade_level"),
    example("femal", "", "sex"),
    example("???", "", "sex"),
    example("Fighting", "assault_fight", "behavior", Kind::kText),
    example("Rode a horse to class", "Rode a horse to class", "behavior", Kind::kText),
};

}  // namespace

extern const Rule rule_code_lookup = {
    .name = "code_lookup",
    .summary =
        "Replaces a spelling by the code it stands for; an unknown one is refused, with the "
        "nearest known spelling, but in an open list, where it stays",
    .applies_to = kKinds,
    .order = 110,
    .looks_for = kUnread,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
