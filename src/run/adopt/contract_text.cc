#include "run/adopt/contract_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "contract/contract.h"
#include "contract/document/write_yaml.h"
#include "contract/header_index.h"

namespace homeroom::run {
namespace {

using clean::DateOrder;
using contract::Kind;
using contract::yaml_text;

// A comment over as many lines as it takes; never more than one of YAML's.
void comment(std::string_view margin, std::string_view text, std::string& out) {
  std::string line;
  const auto flush = [&] {
    if (!line.empty()) out += fmt::format("{}#{}\n", margin, line);
    line.clear();
  };
  for (const std::string_view word : split(text, ' ')) {
    if (margin.size() + line.size() + word.size() > 96) flush();
    line.push_back(' ');
    for (const char c : word) line.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
  }
  flush();
}

std::string counts_of(const std::vector<CountedText>& texts) {
  std::vector<std::string> parts;
  for (const CountedText& each : texts) {
    parts.push_back(fmt::format("{} ({})", each.text, with_thousands(each.count)));
  }
  return join(parts, ", ");
}

std::string order_of(const clean::ColumnProfile& profile) {
  const bool is_by_others = profile.first_ambiguous_line > 0 && profile.num_month_first == 0 &&
                            profile.num_day_first == 0 &&
                            profile.date_order != DateOrder::kAmbiguous;
  if (is_by_others) {
    return fmt::format("The {} comes first, as in the file's other dates; these read both ways.",
                       profile.date_order == DateOrder::kMonthFirst ? "month" : "day");
  }
  switch (profile.date_order) {
    case DateOrder::kNone:
      return "";
    case DateOrder::kMonthFirst:
      return fmt::format("The month comes first: {} cannot be read the other way, as at line {}.",
                         counted(profile.num_month_first, "date"), profile.first_month_first_line);
    case DateOrder::kDayFirst:
      return fmt::format("The day comes first: {} cannot be read the other way, as at line {}.",
                         counted(profile.num_day_first, "date"), profile.first_day_first_line);
    case DateOrder::kAmbiguous:
      return fmt::format(
          "Dates that read both ways, from line {} on: kept as text. Export them as YYYY-MM-DD and "
          "write homeroom.kind: date.",
          profile.first_ambiguous_line);
    case DateOrder::kMixed:
      return fmt::format(
          "Dates with the month first (line {}) and with the day first (line {}): kept as text.",
          profile.first_month_first_line, profile.first_day_first_line);
  }
  return "";
}

void write_reasons(const ColumnStudy& column, std::string& out) {
  constexpr std::string_view kMargin = "      ";
  std::string text = fmt::format("{}: ", contract::to_string(column.kind));
  if (column.profile.num_values == 0) {
    text += "no value in this file, so nothing tells what it holds.";
  } else if (!column.kind_reason.empty()) {
    text += column.kind_reason + ".";
  } else {
    text += "its values are of no other kind.";
  }
  if (column.has_leading_zero) text += " Leading zeros count.";
  if (!column.runner_ups.empty()) {
    text += fmt::format(" Could also be: {}.", join(column.runner_ups, ", "));
  }
  comment(kMargin, text, out);
  const std::string order = order_of(column.profile);
  if (!order.empty()) comment(kMargin, order, out);
  if (!column.nulls.empty()) {
    comment(kMargin, "Taken as no value: " + counts_of(column.nulls) + ".", out);
  }
  if (column.num_empty > 0) {
    comment(kMargin, fmt::format("Empty in {}.", counted(column.num_empty, "row")), out);
  }
  if (column.profile.num_suppressed > 0) {
    comment(kMargin,
            fmt::format("Hidden (*) in {}.", counted(column.profile.num_suppressed, "row")), out);
  }
  if (!column.values.empty() && column.kind == Kind::kText) {
    comment(
        kMargin,
        "Few values, perhaps a list of codes: " + counts_of(column.values) +
            ". To hold the column to them, write the list in enumerations.yaml and name it with "
            "homeroom.enumeration.",
        out);
  }
  if (!column.sensitive_reason.empty()) {
    comment(kMargin, "Restricted, since " + column.sensitive_reason + ".", out);
  }
}

void write_column(const Draft& draft, std::size_t index, std::string& out) {
  const ColumnStudy& column = draft.columns[index];
  write_reasons(column, out);
  out += fmt::format("      - name: {}\n        logicalType: {}\n        physicalType: {}\n",
                     yaml_text(column.name), contract::logical_type_of(column.kind),
                     to_string(contract::sql_type_of(column.kind)));
  const auto part = std::ranges::find(draft.key, index);
  if (part != draft.key.end()) {
    out += fmt::format(
        "        required: true\n        primaryKey: true\n        primaryKeyPosition: {}\n",
        part - draft.key.begin() + 1);
  }
  out += fmt::format(
      "        classification: {}\n        customProperties:\n"
      "          - {{property: homeroom.kind, value: {}}}\n",
      column.sensitive_reason.empty() ? "confidential" : "restricted",
      contract::to_string(column.kind));
  if (contract::header_key(column.header) != contract::header_key(column.name)) {
    out += fmt::format("          - {{property: homeroom.synonyms, value: [{}]}}\n",
                       yaml_text(column.header));
  }
  if (column.profile.num_suppressed > 0) {
    out += "          - {property: homeroom.suppressible, value: true}\n";
  }
}

// "bus_routes_2025-08-11.csv" and those of other days.
std::string name_pattern(const PreparedFile& file) {
  const std::string& stem = file.name.stem;
  const std::size_t digit = stem.find_first_of("0123456789");
  const bool has_day = digit != std::string::npos && digit > 0;
  return (has_day ? stem.substr(0, digit) : stem) + "*";
}

void write_head(const Draft& draft, const PreparedFile& file, std::string& out) {
  out += fmt::format(
      "# Made from {} ({}) by homeroom adopt. Read it, correct it, then keep it in the folder "
      "that\n"
      "# --contracts names.\n"
      "apiVersion: v3.1.0\nkind: DataContract\nid: adopted.{}\nname: {}\nversion: 1.0.0\n"
      "status: draft\n"
      "schema:\n  - name: {}\n    physicalName: {}\n    physicalType: table\n",
      yaml_text(file.input.path.filename().string()), counted(file.header.size(), "column"),
      draft.dataset, draft.dataset, draft.dataset, draft.dataset);
  comment("    ", draft.key_reason, out);
  out += "    customProperties:\n";
  out += fmt::format("      - {{property: homeroom.nameHints, value: [{}]}}\n",
                     yaml_text(draft.dataset));
  if (draft.key.empty()) out += "      - {property: homeroom.writeMode, value: replace}\n";
  if (!draft.is_named) return;
  comment("      ", "Its headers do not tell it from other data sets, so it is known by its name.",
          out);
  out += fmt::format("      - {{property: homeroom.files, value: [{{name: {}}}]}}\n",
                     yaml_text(name_pattern(file)));
}

}  // namespace

std::string write_contract(const Draft& draft, const PreparedFile& file) {
  std::string out;
  write_head(draft, file, out);
  out += "    properties:\n";
  for (std::size_t i = 0; i < draft.columns.size(); ++i) write_column(draft, i, out);
  return out;
}

}  // namespace homeroom::run
