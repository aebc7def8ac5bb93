#pragma once

// Which part of its data set a file fills, read off its good rows.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "contract/contract.h"
#include "shape/shape.h"
#include "table/schema.h"

namespace homeroom::run {

/// Follows the columns that a contract names as its scope: a date gives its first and last day,
/// another column its value when the file has only one. A pure function of the file's name and
/// rows, so the same bytes always fill the same slot. Not shared by threads.
class SlotScope {
 public:
  /// `contract` may be null: then the school year is the scope where the file's name says one, so
  /// that one year's file does not replace another's; a name without a year has an empty scope.
  SlotScope(const contract::Contract* contract, const shape::ShapePlan& plan);

  void observe(const shape::ShapedBatch& shaped, RowIndex row);

  /// "date=2025-11-03..2025-11-28|school_id=010"; a column with several values gives "*".
  [[nodiscard]] std::string text() const;

 private:
  void add_part(const TableSchema& table, std::string_view name);

  struct Part {
    std::string name;
    std::size_t column = 0;
    bool is_range = false;
    bool is_seen = false;
    bool is_many = false;
    std::string low;
    std::string high;
    std::string last = {};  ///< value; many rows have the same
  };

  std::vector<Part> parts_;
};

}  // namespace homeroom::run
