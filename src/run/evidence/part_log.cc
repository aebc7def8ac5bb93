#include "run/evidence/part_log.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "contract/part.h"
#include "run/cleaning/file_quality.h"

namespace homeroom::run {

PartLog::PartLog(const PreparedFile& file) : file_(&file) {
  for (std::size_t i = 0; i < file.plan.origins.size(); ++i) {
    const shape::ColumnOrigin& origin = file.plan.origins[i];
    if (origin.from != shape::ColumnOrigin::From::kPart) continue;
    auto whole = std::ranges::find(wholes_, origin.source, &Whole::source);
    if (whole == wholes_.end())
      whole = wholes_.insert(whole, Whole{.source = origin.source, .columns = {}});
    whole->columns.push_back(i);
  }
}

void PartLog::note(const Batch& batch, const shape::ShapedBatch& shaped,
                   const std::function<bool(RowIndex)>& is_left_out) {
  for (Whole& whole : wholes_) {
    for (RowIndex row = 0; row < shaped.num_rows; ++row) {
      const RowIndex source = shaped.source_row(row);
      if (!batch.columns[whole.source][source].has_value() || is_left_out(source)) continue;
      const bool is_parted = std::ranges::any_of(whole.columns, [&](std::size_t column) {
        return (*shaped.columns[column])[row].has_value();
      });
      ++(is_parted ? whole.num_parted : whole.num_kept);
      if (!is_parted && whole.first_kept == 0) whole.first_kept = batch.lines[source];
    }
  }
}

void PartLog::report(FileReport& report) const {
  for (const Whole& whole : wholes_) {
    if (whole.num_parted + whole.num_kept == 0) continue;
    std::vector<std::string> names;
    for (const std::size_t column : whole.columns) {
      names.push_back(file_->plan.table.columns[column].name);
    }
    const bool is_of_mark = contract::is_of_mark(file_->plan.origins[whole.columns[0]].part);
    std::string message = fmt::format("{} taken apart into {}", counted(whole.num_parted, "value"),
                                      join(names, ", "));
    if (whole.num_kept > 0) {
      message +=
          fmt::format("; {} kept whole, the first on line {}: not written {}",
                      with_thousands(whole.num_kept), whole.first_kept,
                      is_of_mark ? "as a percentage and a letter" : "\"Last, First M., Jr.\"");
    }
    report.add_issue({.line = 0,
                      .field = static_cast<std::uint32_t>(whole.source + 1),
                      .column = name_of_column(*file_, whole.source),
                      .rule = "part_of",
                      .severity = Severity::kInfo,
                      .message = std::move(message),
                      .suggestion = whole.num_kept > 0 ? "export the parts as columns" : ""});
  }
}

}  // namespace homeroom::run
