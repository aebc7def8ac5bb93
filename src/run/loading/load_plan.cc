#include "run/loading/load_plan.h"

#include <fmt/format.h>

#include "base/text.h"

namespace homeroom::run {

std::string plan_text(const load::LoadResult& loaded, const TableSchema& table) {
  const std::string inserted = counted(loaded.rows_inserted, "row");
  switch (loaded.plan) {
    case load::Plan::kNothing:
      return "no row was left to load";
    case load::Plan::kInPlace:
      return fmt::format(
          "the table was empty and the file is large: {} by COPY FREEZE into the table itself, "
          "indexes made afterwards",
          inserted);
    case load::Plan::kIntoEmpty:
      return fmt::format("the table was empty: {} from a temporary table, indexes made afterwards",
                         inserted);
    case load::Plan::kNewParts:
      return fmt::format(
          "new parts of the table by {}: {} put there apart, indexes made afterwards, attached "
          "then{}",
          table.partition_by, inserted,
          loaded.rows_updated == 0 && loaded.lines_unchanged == 0
              ? std::string()
              : "; what belongs to older parts joined by " + join(table.key, ", "));
    case load::Plan::kSorted:
      return fmt::format("the table was empty: {} from a temporary table, in the order of the key",
                         inserted);
    case load::Plan::kByKey:
      return fmt::format(
          "a temporary table, joined by {}: {} new, {} changed; what is equal is not written",
          join(table.key, ", "), with_thousands(loaded.rows_inserted),
          with_thousands(loaded.rows_updated));
    case load::Plan::kAppended:
      return fmt::format("the first file of its slot, and no key: {} beside those of other slots",
                         inserted);
    case load::Plan::kByContent:
      return fmt::format(
          "no key: compared by content with the rows of the slot's last file: {} new, {} gone",
          with_thousands(loaded.rows_inserted), with_thousands(loaded.rows_closed));
  }
  return {};
}

}  // namespace homeroom::run
