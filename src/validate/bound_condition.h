#pragma once

// A contract's condition, bound to a table: is it met by a row?

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "contract/quality/condition.h"
#include "validate/quality_check.h"

namespace homeroom::validate {

/// As in SQL: what compares a missing, hidden or unreadable value is unknown.
enum class Truth : std::uint8_t { kFalse, kTrue, kUnknown };

/// Immutable; may be shared by threads.
class BoundCondition {
 public:
  /// Reads and binds `text`. Nothing when the file lacks one of its columns.
  /// Errors: kConfig, naming file and line, for a condition that cannot be read, names a column
  /// there is not, or compares a number with a text.
  [[nodiscard]] static Result<std::optional<BoundCondition>> create(
      std::string_view text, const contract::Quality& quality, const CheckedTable& table,
      const CheckFacts& facts);
  BoundCondition(BoundCondition&&) noexcept;
  BoundCondition& operator=(BoundCondition&&) noexcept;
  ~BoundCondition();

  [[nodiscard]] Truth test(const CheckedRows& rows, RowIndex row) const;

  /// The first column that the condition names, or kWholeRow.
  [[nodiscard]] std::uint32_t first_column() const { return first_column_; }

 private:
  struct Node;
  BoundCondition(std::unique_ptr<const Node> root, std::uint32_t first_column);

  std::unique_ptr<const Node> root_;
  std::uint32_t first_column_;
};

}  // namespace homeroom::validate
