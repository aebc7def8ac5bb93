#include "clean/tokens.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/text.h"
#include "clean/characters.h"
#include "contract/contract.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

// What a program wrote for "nothing". Case counts: Null and Na are family names.
constexpr std::array<std::string_view, 18> kTextNulls = {
    "NULL", "null", "(null)", "\\N", "N/A",     "n/a", "NA", "#N/A", "NaN",
    "nan",  "-",    "--",     "---", "(blank)", ".",   "..", "?",    "#NULL!"};

constexpr std::array<std::string_view, 10> kUndeclaredNulls = {"na", "n/a", "null", "none", "nan",
                                                               "-",  "--",  "?",    "#n/a", "."};

constexpr std::size_t kLongestToken = 15;  // "data suppressed"

bool is_in(std::span<const std::string_view> tokens, std::string_view text) {
  return text.size() <= kLongestToken && std::ranges::any_of(tokens, [&](std::string_view token) {
           return equals_ignoring_case(token, text);
         });
}

std::string_view skip_blanks(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

// "<10", "n<10", "N <= 5", ">95%", ">=95.5%"
bool is_comparison(std::string_view text) {
  if (text.size() < 2 || text.size() > kMaxComparison) return false;
  if (text.front() == 'n' || text.front() == 'N') text = skip_blanks(text.substr(1));
  if (text.empty() || (text.front() != '<' && text.front() != '>')) return false;
  text.remove_prefix(1);
  if (!text.empty() && text.front() == '=') text.remove_prefix(1);
  text = skip_blanks(text);
  if (!text.empty() && text.back() == '%') text.remove_suffix(1);
  return !text.empty() && is_digit(text.front()) && is_digit(text.back()) &&
         std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '.'; });
}

}  // namespace

bool is_undeclared_null_token(std::string_view text) {
  return is_in(kUndeclaredNulls, text);
}

bool is_null_token(const ColumnContext& context, std::string_view text) {
  if (!context.is_declared) return is_undeclared_null_token(text);
  if (context.kind == Kind::kText || context.kind == Kind::kPersonName) {
    return std::ranges::find(kTextNulls, text) != kTextNulls.end();
  }
  return is_in(kNullTokens, text);
}

bool is_code(const ColumnContext& context, std::string_view text, std::string& folded) {
  if (context.enumeration == nullptr) return false;
  contract::fold_spelling(text, folded);
  return context.enumeration->by_spelling.contains(folded);
}

bool is_suppression_mark(Kind kind, std::string_view text) {
  const bool is_number = kind == Kind::kInteger || kind == Kind::kDecimal || kind == Kind::kPercent;
  if (!is_number && !text.starts_with('*')) return is_comparison(text);
  return is_in(kSuppressionTokens, text) || is_comparison(text);
}

}  // namespace homeroom::clean
