#include "contract/quality/condition.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace homeroom::contract {
namespace {

using What = Condition::What;
using Compare = Condition::Compare;

constexpr std::size_t kMaxText = 4096;
constexpr int kMaxDepth = 64;

struct Token {
  enum class Kind : std::uint8_t { kEnd, kWord, kColumn, kNumber, kText, kSign };
  Kind kind = Kind::kEnd;
  std::string text;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

tl::unexpected<Error> fail_condition(std::string message) {
  return fail(ErrorCode::kInvalidInput, std::move(message),
              "Write days_present <= days_enrolled, or exit_type is not null; texts stand in "
              "single quotes");
}

// Takes a text or name up to its closing quote; a doubled quote is one.
Result<std::string> take_quoted(std::string_view& rest) {
  const char quote = rest.front();
  std::string text;
  for (std::size_t at = 1; at < rest.size(); ++at) {
    if (rest[at] != quote) {
      text += rest[at];
    } else if (at + 1 < rest.size() && rest[at + 1] == quote) {
      text += rest[++at];
    } else {
      rest.remove_prefix(at + 1);
      return text;
    }
  }
  return fail_condition("a quote is not closed");
}

template <class Belongs>
std::string take_while(std::string_view& rest, Belongs belongs) {
  const auto end = std::ranges::find_if_not(rest, belongs);
  std::string taken(rest.begin(), end);
  rest.remove_prefix(taken.size());
  return taken;
}

Result<Token> take_sign(std::string_view& rest) {
  constexpr std::array<std::string_view, 12> kSigns = {"<=", ">=", "<>", "!=", "=", "<",
                                                       ">",  "(",  ")",  ",",  "+", "-"};
  for (const std::string_view sign : kSigns) {
    if (!rest.starts_with(sign)) continue;
    rest.remove_prefix(sign.size());
    return Token{.kind = Token::Kind::kSign, .text = std::string(sign)};
  }
  return fail_condition(fmt::format("{} has no meaning in a condition", rest.substr(0, 1)));
}

Result<std::vector<Token>> split_tokens(std::string_view rest) {
  std::vector<Token> tokens;
  for (rest = trim(rest); !rest.empty(); rest = trim(rest)) {
    const char first = rest.front();
    if (first == '\'') {
      tokens.push_back({.kind = Token::Kind::kText, .text = HOMEROOM_TRY(take_quoted(rest))});
    } else if (first == '"') {
      tokens.push_back({.kind = Token::Kind::kColumn, .text = HOMEROOM_TRY(take_quoted(rest))});
    } else if (is_digit(first)) {
      tokens.push_back({.kind = Token::Kind::kNumber,
                        .text = take_while(rest, [](char c) { return is_digit(c) || c == '.'; })});
    } else if (is_name_character(first)) {
      tokens.push_back({.kind = Token::Kind::kWord, .text = take_while(rest, is_name_character)});
    } else {
      tokens.push_back(HOMEROOM_TRY(take_sign(rest)));
    }
  }
  tokens.emplace_back();
  return tokens;
}

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Result<Condition> parse() {
    Condition condition = HOMEROOM_TRY(parse_any(0));
    if (now().kind != Token::Kind::kEnd) return expected("and, or, or the end");
    return condition;
  }

 private:
  [[nodiscard]] const Token& now() const { return tokens_[at_]; }

  [[nodiscard]] bool is_word(std::string_view word) const {
    return now().kind == Token::Kind::kWord && equals_ignoring_case(now().text, word);
  }

  bool take_word(std::string_view word) {
    if (!is_word(word)) return false;
    ++at_;
    return true;
  }

  bool take_sign_token(std::string_view sign) {
    if (now().kind != Token::Kind::kSign || now().text != sign) return false;
    ++at_;
    return true;
  }

  [[nodiscard]] tl::unexpected<Error> expected(std::string_view what) const {
    const std::string where =
        now().kind == Token::Kind::kEnd ? "at the end" : fmt::format("before {}", now().text);
    return fail_condition(fmt::format("{} is missing {}", what, where));
  }

  Result<Condition> parse_any(int depth) { return parse_joined(depth, "or", What::kOr); }

  Result<Condition> parse_joined(int depth, std::string_view word, What what) {
    if (depth > kMaxDepth) return fail_condition("the condition is nested too deep");
    Condition joined{.what = what};
    do {
      joined.parts.push_back(what == What::kOr
                                 ? HOMEROOM_TRY(parse_joined(depth, "and", What::kAnd))
                                 : HOMEROOM_TRY(parse_one(depth)));
    } while (take_word(word));
    if (joined.parts.size() > 1) return joined;
    Condition only = std::move(joined.parts[0]);
    return only;
  }

  Result<Condition> parse_one(int depth) {
    if (depth > kMaxDepth) return fail_condition("the condition is nested too deep");
    if (take_word("not")) return negated(HOMEROOM_TRY(parse_one(depth + 1)));
    if (!take_sign_token("(")) return parse_test();
    Condition inner = HOMEROOM_TRY(parse_any(depth + 1));
    if (!take_sign_token(")")) return expected(")");
    return inner;
  }

  static Condition negated(Condition condition) {
    Condition result{.what = What::kNot};
    result.parts.push_back(std::move(condition));
    return result;
  }

  Result<Condition> parse_test() {
    Condition test;
    test.left = HOMEROOM_TRY(parse_side());
    if (take_word("is")) {
      const bool is_negated = take_word("not");
      if (!take_word("null")) return expected("null");
      test.what = What::kIsNull;
      return is_negated ? negated(std::move(test)) : test;
    }
    const bool is_negated = take_word("not");
    if (take_word("in")) {
      test.what = What::kIn;
      HOMEROOM_TRY(parse_list(test.list));
      return is_negated ? negated(std::move(test)) : test;
    }
    if (is_negated) return expected("in");
    test.what = What::kCompare;
    test.compare = HOMEROOM_TRY(parse_compare());
    test.right = HOMEROOM_TRY(parse_side());
    return test;
  }

  Status parse_list(std::vector<Operand>& list) {
    if (!take_sign_token("(")) return expected("(");
    do {
      list.push_back(HOMEROOM_TRY(parse_side()));
    } while (take_sign_token(","));
    if (!take_sign_token(")")) return expected(")");
    return {};
  }

  Result<Compare> parse_compare() {
    if (take_sign_token("=")) return Compare::kEqual;
    if (take_sign_token("<>") || take_sign_token("!=")) return Compare::kUnequal;
    if (take_sign_token("<=")) return Compare::kLessOrEqual;
    if (take_sign_token(">=")) return Compare::kMoreOrEqual;
    if (take_sign_token("<")) return Compare::kLess;
    if (take_sign_token(">")) return Compare::kMore;
    return expected("a comparison (=, <>, <, <=, >, >=, is null, in)");
  }

  Result<Operand> parse_side() {
    Operand side;
    if (now().kind == Token::Kind::kText) {
      side.is_text = true;
      side.text = tokens_[at_++].text;
      return side;
    }
    bool is_negative = take_sign_token("-");
    while (true) {
      side.terms.push_back(HOMEROOM_TRY(parse_term(is_negative)));
      is_negative = take_sign_token("-");
      if (!is_negative && !take_sign_token("+")) return side;
    }
  }

  Result<Operand::Term> parse_term(bool is_negative) {
    const Token& token = now();
    const bool is_reserved = is_word("and") || is_word("or") || is_word("not") || is_word("is") ||
                             is_word("in") || is_word("null");
    const bool is_column =
        token.kind == Token::Kind::kColumn || (token.kind == Token::Kind::kWord && !is_reserved);
    if (!is_column && token.kind != Token::Kind::kNumber) {
      return expected("a column, number or 'text'");
    }
    ++at_;
    return Operand::Term{.is_negative = is_negative, .is_column = is_column, .text = token.text};
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

void add_columns(const Operand& operand, std::vector<std::string>& columns) {
  for (const Operand::Term& term : operand.terms) {
    const bool is_new = std::ranges::find(columns, term.text) == columns.end();
    if (term.is_column && is_new) columns.push_back(term.text);
  }
}

void add_columns(const Condition& condition, std::vector<std::string>& columns) {
  for (const Condition& part : condition.parts) add_columns(part, columns);
  add_columns(condition.left, columns);
  add_columns(condition.right, columns);
  for (const Operand& operand : condition.list) add_columns(operand, columns);
}

}  // namespace

Result<Condition> parse_condition(std::string_view text) {
  if (text.size() > kMaxText) return fail_condition("the condition is longer than 4,096 bytes");
  std::vector<Token> tokens = HOMEROOM_TRY(split_tokens(text));
  if (tokens.size() == 1) return fail_condition("the condition is empty");
  return Parser(std::move(tokens)).parse();
}

std::vector<std::string> columns_of(const Condition& condition) {
  std::vector<std::string> columns;
  add_columns(condition, columns);
  return columns;
}

}  // namespace homeroom::contract
