#pragma once

// The checks that a contract asks for besides what its columns state: `quality` of the Open Data
// Contract Standard, and of it `type: custom, engine: homeroom` for what the standard lacks.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "table/issue.h"

namespace homeroom::contract {

/// What a figure must be: one of the standard's operators.
struct Bound {
  enum class Operator : std::uint8_t {
    kBe,
    kNotBe,
    kGreaterThan,
    kGreaterOrEqual,
    kLessThan,
    kLessOrEqual,
    kBetween,
    kNotBetween,
  };
  Operator op = Operator::kBe;
  std::string low;          ///< decimal text
  std::string high;         ///< of kBetween and kNotBetween
  bool is_percent = false;  ///< of the rows, not their number

  /// "at most 5 %", "between 10 and 20": what stands after "must be".
  [[nodiscard]] std::string words() const;
};

/// One check.
struct Quality {
  std::string check;   ///< name of its file in validate/checks: "null_values", "row_condition"
  std::string id;      ///< under which a district's own file replaces it; may be empty
  std::string name;    ///< for people; may be empty
  std::string column;  ///< of which it stands; empty: of the data set
  std::string why;     ///< the contract's `description`, shown with what it finds
  Severity severity = Severity::kError;
  std::optional<Bound> bound;
  /// By name, in snake_case: of `arguments` or `implementation`. A single value is a list of one.
  std::map<std::string, std::vector<std::string>, std::less<>> arguments;
  std::string file;  ///< where it stands, for messages
  std::size_t line = 0;

  /// The one value of an argument; null when it is not given or a list of several.
  [[nodiscard]] const std::string* find(std::string_view argument) const;
  /// True when not a single row may break it.
  [[nodiscard]] bool tolerates_nothing() const;
};

}  // namespace homeroom::contract
