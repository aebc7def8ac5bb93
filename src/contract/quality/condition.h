#pragma once

// The conditions that a contract states about a row, read into a tree.
//
//     "days_present <= days_enrolled"
//     "exit_date is null or exit_type is not null"
//     "status in ('absent', 'tardy') and not (minutes = 0)"
//     "boys + girls = students"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace homeroom::contract {

/// One side of a comparison: a column, a text in single quotes, or a sum of columns and numbers.
struct Operand {
  struct Term {
    bool is_negative = false;
    bool is_column = false;
    std::string text;  ///< the column's name, or the number
  };

  bool is_text = false;
  std::string text;         ///< of a text
  std::vector<Term> terms;  ///< one or more, where it is none

  [[nodiscard]] bool is_column() const {
    return terms.size() == 1 && terms[0].is_column && !terms[0].is_negative;
  }
};

struct Condition {
  enum class What : std::uint8_t { kAnd, kOr, kNot, kCompare, kIsNull, kIn };
  enum class Compare : std::uint8_t { kEqual, kUnequal, kLess, kLessOrEqual, kMore, kMoreOrEqual };

  What what = What::kAnd;
  std::vector<Condition> parts = {};  ///< of kAnd and kOr two or more, of kNot one
  Compare compare = Compare::kEqual;
  Operand left = {};
  Operand right = {};              ///< of kCompare
  std::vector<Operand> list = {};  ///< of kIn
};

/// Reads a condition:
///
///     condition  = all {"or" all}          all  = one {"and" one}
///     one        = "not" one | "(" condition ")" | test
///     test       = side ("=" | "<>" | "!=" | "<" | "<=" | ">" | ">=") side
///                | side "is" ["not"] "null" | side ["not"] "in" "(" side {"," side} ")"
///     side       = 'text' | part {("+" | "-") part}      part = column | number
///
/// Words may be in any case; a quote within a text is doubled. A column whose name is one of the
/// words, or has other characters than a-z, 0-9 and _, stands in double quotes.
/// Errors: kInvalidInput, saying what was expected and before which word.
[[nodiscard]] Result<Condition> parse_condition(std::string_view text);

/// The columns that a condition names, each once, in their order.
[[nodiscard]] std::vector<std::string> columns_of(const Condition& condition);

}  // namespace homeroom::contract
