#pragma once

// A cleaning rule: one file in clean/rules/, picked up by the build. A rule sees a whole column
// with its context and leaves each cell as it is, replaces it, or marks it null, suppressed or bad.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "clean/profile.h"
#include "contract/contract.h"
#include "table/batch.h"

namespace homeroom::clean {

/// What is known about the column that a rule works on.
struct ColumnContext {
  contract::Kind kind = contract::Kind::kText;
  bool is_declared = false;  ///< a contract says so; otherwise `kind` was inferred from all values
  const contract::Enumeration* enumeration = nullptr;
  ColumnProfile profile;
  std::vector<std::string_view> extra_rules;  ///< declared by the contract
  bool is_suppressible = false;
  /// School years given as one number are the year they start in (PowerSchool) instead of end.
  bool school_year_is_start = false;
};

/// Cells of a column that are being changed. Each call counts one change for the rule and keeps
/// the original (see Cleaner). Rows are indices of the batch.
class ColumnEdit;

struct Example {
  std::string_view in;
  std::string_view out;              ///< expected text; ignored when `state` is not kValue
  CellState state = CellState::kValue;
  contract::Kind kind = contract::Kind::kText;
  std::string_view enumeration;      ///< name of a shipped enumeration, for kEnumeration
  DateOrder date_order = DateOrder::kNone;
  bool is_fraction = false;
};

struct Rule {
  std::string_view name;
  std::string_view summary;                   ///< one sentence for the reference page
  std::span<const contract::Kind> applies_to; ///< kinds it runs on by default; empty: all
  bool is_default = true;   ///< false: only where a contract's homeroom.clean names it
  int order = 0;            ///< rules of a column run in ascending order (see rules/README.md)
  bool needs_declaration = true;  ///< false: safe without a contract (blanks, null tokens, NFC, ="")
  void (*apply)(const ColumnContext& context, ColumnEdit& edit) = nullptr;
  std::span<const Example> examples;
};

/// All rules, by name. Generated from clean/rules/*.cc.
[[nodiscard]] std::span<const Rule* const> all_rules();

}  // namespace homeroom::clean
