#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/text.h"
#include "command.h"
#include "reference_page.h"
#include "validate/check.h"
#include "validate/quality_check.h"

namespace homeroom::cli {
namespace {

constexpr std::string_view kBeginning =
    "What is checked of each value, row and file, and what is said of it. Those that a column's "
    "own\n"
    "keys ask for (`required`, `logicalTypeOptions`) stand with what they declare; those under\n"
    "`quality` with the line of a contract that asks for them, rows being divided by ` / ` and "
    "their\n"
    "cells by `|`. [Contracts](contracts.md) says what severity and bounds do.";

std::string declaration(const validate::Example& example) {
  std::string words(contract::to_string(example.kind));
  const auto add = [&words](std::string_view name, std::string_view value) {
    if (!value.empty()) words += fmt::format(", {}: {}", name, value);
  };
  if (example.is_required) add("required", "true");
  add("minimum", example.minimum);
  add("maximum", example.maximum);
  add("exclusiveMinimum", example.above);
  add("exclusiveMaximum", example.below);
  add("multipleOf", example.multiple_of);
  add("format", example.format);
  add("pattern", example.pattern);
  if (example.min_length != 0) add("minLength", std::to_string(example.min_length));
  if (example.max_length != 0) add("maxLength", std::to_string(example.max_length));
  add("homeroom.anyOf", example.any_of);
  add("homeroom.why", example.why);
  return words;
}

ReferenceEntry entry_of(const validate::Check& check) {
  ReferenceEntry entry{.name = std::string(check.name),
                       .summary = std::string(check.summary),
                       .facts = {},
                       .head = {"Declared", "Columns", "Row", "Says"},
                       .examples = {}};
  for (const validate::Example& example : check.examples) {
    entry.examples.push_back({declaration(example), std::string(example.columns),
                              escaped(example.in), std::string(example.reason)});
  }
  return entry;
}

ReferenceEntry entry_of(const validate::QualityCheck& check) {
  ReferenceEntry entry{.name = std::string(check.name),
                       .summary = std::string(check.summary),
                       .facts = {"Asked for under quality"},
                       .head = {"Contract", "Columns", "Rows", "Says"},
                       .examples = {}};
  if (!check.arguments.empty()) {
    std::vector<std::string> names;
    for (const std::string_view name : split(check.arguments, ' ')) names.emplace_back(name);
    entry.facts.push_back(fmt::format("Arguments: {}", join(names, ", ")));
  }
  for (const validate::QualityExample& example : check.examples) {
    entry.examples.push_back({std::string(example.yaml), std::string(example.columns),
                              escaped(example.rows), std::string(example.says)});
  }
  return entry;
}

Reference reference() {
  Reference reference{.title = "Checks",
                      .command = "checks",
                      .noun = "check",
                      .beginning = kBeginning,
                      .entries = {}};
  for (const validate::Check* check : validate::all_checks()) {
    reference.entries.push_back(entry_of(*check));
  }
  for (const validate::QualityCheck* check : validate::all_quality_checks()) {
    reference.entries.push_back(entry_of(*check));
  }
  std::ranges::sort(reference.entries, {}, &ReferenceEntry::name);
  return reference;
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  add_reference(app, context, result, reference);
}

}  // namespace

extern const Command command_checks = {
    .name = "checks",
    .summary = "List the checks that contracts can ask for, or explain one",
    .examples =
        "  homeroom checks\n"
        "  homeroom checks row_condition\n",
    .add = add,
};

}  // namespace homeroom::cli
