#pragma once

// Texts that stand for "no value" and for "hidden by whoever made the file".

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "clean/rule.h"

namespace homeroom::clean {

/// Every null token of any kind of column, in lower case.
/// Source: exports of student information systems and test vendors; the missing values that
/// pandas, R and Excel write.
inline constexpr std::array<std::string_view, 29> kNullTokens = {"null",
                                                                 "(null)",
                                                                 "\\n",
                                                                 "n/a",
                                                                 "na",
                                                                 "#n/a",
                                                                 "nan",
                                                                 "none",
                                                                 "nil",
                                                                 "-",
                                                                 "--",
                                                                 "---",
                                                                 ".",
                                                                 "..",
                                                                 "?",
                                                                 "unknown",
                                                                 "not available",
                                                                 "not provided",
                                                                 "not entered",
                                                                 "no score",
                                                                 "not assessed",
                                                                 "blank",
                                                                 "(blank)",
                                                                 "unnamed",
                                                                 "notselected",
                                                                 "not selected",
                                                                 "0000-00-00",
                                                                 "#null!",
                                                                 "not reported"};

/// Suppression marks but the comparisons ("<10", ">95%", "n<10"), in lower case.
inline constexpr std::array<std::string_view, 14> kSuppressionTokens = {
    "*",   "**",    "***",  "*s*", "s", "tfs", "ds", "ps", "suppressed", "data suppressed",
    "1-9", "10-50", "ge95", "le5"};

/// Longest comparison that is taken for a suppression mark: "n <= 95.5%".
inline constexpr std::size_t kMaxComparison = 10;

/// True when `text` (outer blanks dropped) stands for no value in a column of this kind.
[[nodiscard]] bool is_null_token(const ColumnContext& context, std::string_view text);

/// The few tokens that mean "no value" where nobody declared what the column holds.
[[nodiscard]] bool is_undeclared_null_token(std::string_view text);

/// True when `text` is a spelling of the column's enumeration: "none" and "unknown" are codes of
/// some. `folded` is overwritten.
[[nodiscard]] bool is_code(const ColumnContext& context, std::string_view text,
                           std::string& folded);

/// True for a mark that publishers put in place of a figure they hide. Letters count only among
/// numbers: "PS" is a mark there and may be a value elsewhere.
[[nodiscard]] bool is_suppression_mark(contract::Kind kind, std::string_view text);

}  // namespace homeroom::clean
