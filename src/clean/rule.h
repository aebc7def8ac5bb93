#pragma once

// A cleaning rule: one file in clean/rules/, picked up by the build. A rule sees a whole column
// with its context and leaves each cell as it is, replaces it, or marks it null, suppressed or bad.

#include <span>
#include <string_view>
#include <vector>

#include "clean/profile.h"
#include "clean/traits.h"
#include "contract/contract.h"
#include "table/cell.h"

namespace homeroom::clean {

/// What is known about the column that a rule works on.
struct ColumnContext {
  contract::Kind kind = contract::Kind::kText;
  bool is_declared = false;  ///< a contract says so; otherwise `kind` was inferred from all values
  const contract::Enumeration* enumeration = nullptr;
  /// Those facts that rules of the column's kind look at (see plan.cc), without counts.
  ColumnProfile profile;
  std::vector<std::string_view> extra_rules;  ///< declared by the contract
  bool is_suppressible = false;
  /// School years given as one number are the year they start in (PowerSchool) instead of end.
  bool school_year_is_start = false;
  std::vector<std::string> units;  ///< that may stand beside a number
  int school_year = 0;             ///< that the file is of; 0: not known

  bool operator==(const ColumnContext&) const = default;
};

/// Cells of a column that are being changed: see clean/column_edit.h.
class ColumnEdit;

/// What a rule does to one cell: its test, and its page in the reference.
struct Example {
  std::string_view in;
  std::string_view out;  ///< expected text; ignored when `state` is not kValue
  CellState state = CellState::kValue;
  contract::Kind kind = contract::Kind::kText;
  std::string_view enumeration = {};  ///< name of a shipped enumeration, for kEnumeration
  DateOrder date_order = DateOrder::kNone;
  bool is_fraction = false;
  bool is_declared = true;
  bool is_suppressible = false;
  bool school_year_is_start = false;
  bool uses_decimal_comma = false;
  bool all_end_in_point_zero = false;
  std::string_view unit = {};
  int school_year = 0;
};

/// A rule is a function of the column's context and the cell's text alone: equal cells of a column
/// end equal. Applied to its own output it changes nothing.
struct Rule {
  std::string_view name;
  std::string_view summary;                    ///< one sentence for the reference page
  std::span<const contract::Kind> applies_to;  ///< kinds it runs on by default; empty: all
  bool is_default = true;  ///< false: only where a contract's homeroom.clean names it
  int order = 0;           ///< rules of a column run in ascending order (see rules/README.md)
  /// False: safe where nothing is declared (outer blanks, null tokens, NFC, ="").
  bool needs_declaration = true;
  /// The rule is shown only cells that have one of these; kEveryValue: all that hold a value.
  Traits looks_for = kEveryValue;
  void (*apply)(const ColumnContext& context, ColumnEdit& edit) = nullptr;
  std::span<const Example> examples;
};

/// All rules, by name. Generated from clean/rules/*.cc.
[[nodiscard]] std::span<const Rule* const> all_rules();

}  // namespace homeroom::clean
