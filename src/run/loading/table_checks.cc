#include "run/loading/table_checks.h"

#include <string>

#include <fmt/format.h>

#include "base/text.h"
#include "contract/quality/comparison.h"
#include "load/compare_tables.h"
#include "run/loading/load_checks.h"

namespace homeroom::run {
namespace {

using contract::Comparison;
using contract::Quality;
using load::ComparedTables;

std::string must_be(const Quality& quality) {
  return quality.bound ? quality.bound->words() : "0";
}

// Of all rows: "the number of rows is 75 % of that in data.students, must be at least 95 %".
std::string words_of_all(const Quality& quality, const Comparison& comparison,
                         const ComparedTables& compared) {
  const std::string ours = comparison.ours.words();
  const std::string theirs = comparison.theirs.words() == ours ? "that" : comparison.theirs.words();
  const std::string figure = compared.figure.value_or("not a share");
  if (quality.bound && quality.bound->is_percent) {
    return fmt::format("{} is {} % of {} in data.{}, must be {}", ours, figure, theirs,
                       comparison.table, must_be(quality));
  }
  return fmt::format("{} here less {} in data.{} is {}, must be {}", ours, theirs, comparison.table,
                     figure, must_be(quality));
}

// Never says which groups: their columns may be of students.
std::string words_of_groups(const Quality& quality, const Comparison& comparison,
                            const ComparedTables& compared) {
  const bool is_percent = quality.bound && quality.bound->is_percent;
  return fmt::format(
      "in {} of {} by {} {} here {} {} in data.{} is not {}; the greatest difference is {}",
      with_thousands(compared.num_wrong), counted(compared.num_groups, "group"),
      join(comparison.by, ", "), comparison.ours.words(), is_percent ? "as a share of" : "less",
      comparison.theirs.words(), comparison.table, must_be(quality), compared.greatest);
}

std::string explained(std::string what, const Quality& quality) {
  std::string_view why = quality.why;
  if (why.ends_with('.')) why.remove_suffix(1);
  return why.empty() ? what : fmt::format("{} ({})", what, why);
}

}  // namespace

Status check_tables(io::Connection& connection, const PreparedFile& file, FileReport& report) {
  if (file.contract() == nullptr) return {};
  for (const Quality& quality : file.contract()->quality) {
    if (quality.check != contract::kMatchesTable) continue;
    const Comparison comparison = HOMEROOM_TRY(contract::read_comparison(quality));
    const auto compared = HOMEROOM_TRY(
        load::compare_tables(connection, file.contract()->name, comparison, quality.bound));
    if (!compared || compared->num_wrong == 0) continue;
    const std::string message =
        explained(comparison.by.empty() ? words_of_all(quality, comparison, *compared)
                                        : words_of_groups(quality, comparison, *compared),
                  quality);
    const std::string hint = fmt::format(
        "load the file of {} that belongs to this one, or compare both by "
        "`homeroom sql`",
        comparison.table);
    report.add_issue({.line = 0,
                      .column = {},
                      .rule = std::string(contract::kMatchesTable),
                      .severity = quality.severity,
                      .message = message,
                      .suggestion = hint});
    if (quality.severity == Severity::kError) hold_file(message, hint, report);
  }
  return {};
}

}  // namespace homeroom::run
