#include <string>

#include <fmt/format.h>

#include "base/text.h"
#include "clean/rule.h"
#include "command.h"
#include "reference_page.h"

namespace homeroom::cli {
namespace {

constexpr std::string_view kBeginning =
    "What may happen to a value on its way into a table. Each rule changes only what it is "
    "certain\n"
    "of, leaves its own results alone, and is counted column by column in the report. What no "
    "rule\n"
    "can read is quarantined with the reason. Rules run by the kind that the contract gives a\n"
    "column; `homeroom.clean` adds those that run only on request. In the examples, bytes beyond\n"
    "ASCII are written \\xNN.";

std::string outcome(const clean::Example& example) {
  switch (example.state) {
    case CellState::kValue:
      return escaped(example.out);
    case CellState::kNull:
      return "(no value)";
    case CellState::kSuppressed:
      return "(hidden)";
    case CellState::kBad:
      return "(quarantined)";
  }
  return {};
}

// What the column is like in which the example stands.
std::string column_of(const clean::Example& example) {
  std::string words(example.is_declared ? contract::to_string(example.kind) : "not declared");
  const auto add = [&words](bool holds, std::string_view what) {
    if (holds) words += fmt::format(", {}", what);
  };
  add(!example.enumeration.empty(), example.enumeration);
  add(example.date_order == clean::DateOrder::kMonthFirst, "month first");
  add(example.date_order == clean::DateOrder::kDayFirst, "day first");
  add(example.date_order == clean::DateOrder::kAmbiguous, "order not known");
  add(example.is_fraction, "no value above 1");
  add(example.uses_decimal_comma, "with decimal commas");
  add(example.all_end_in_point_zero, "all end in .0");
  add(example.school_year_is_start, "schoolYearIs: start");
  add(example.is_suppressible, "suppressible");
  if (!example.unit.empty()) words += fmt::format(", units: [{}]", example.unit);
  if (example.school_year != 0) words += fmt::format(", school year {}", example.school_year);
  return words;
}

std::string when(const clean::Rule& rule) {
  if (!rule.is_default) return "Runs where a contract's homeroom.clean names it";
  if (!rule.needs_declaration) return "Runs on every column, with or without a contract";
  if (rule.applies_to.empty()) return "Runs on every column that a contract declares";
  std::vector<std::string> kinds;
  for (const contract::Kind kind : rule.applies_to) kinds.emplace_back(contract::to_string(kind));
  return fmt::format("Runs on columns of kind {}", join(kinds, ", "));
}

Reference reference() {
  Reference reference{.title = "Cleaning rules",
                      .command = "rules",
                      .noun = "cleaning rule",
                      .beginning = kBeginning,
                      .entries = {}};
  for (const clean::Rule* rule : clean::all_rules()) {
    ReferenceEntry entry{.name = std::string(rule->name),
                         .summary = std::string(rule->summary),
                         .facts = {when(*rule)},
                         .head = {"Column", "In", "Out"},
                         .examples = {}};
    for (const clean::Example& example : rule->examples) {
      entry.examples.push_back({column_of(example), escaped(example.in), outcome(example)});
    }
    reference.entries.push_back(std::move(entry));
  }
  return reference;
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  add_reference(app, context, result, reference);
}

}  // namespace

extern const Command command_rules = {
    .name = "rules",
    .summary = "List the cleaning rules, or explain one",
    .examples =
        "  homeroom rules\n"
        "  homeroom rules date_to_iso\n",
    .add = add,
};

}  // namespace homeroom::cli
