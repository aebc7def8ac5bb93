#pragma once

// Regular expressions of contracts, matched against whole texts.

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "validate/quality_check.h"

namespace homeroom::validate {

/// May be shared by threads. Memory: at most 1 MiB for the expression's automaton.
class FullMatch {
 public:
  /// Errors: kConfig, naming file and line, for what is no regular expression.
  [[nodiscard]] static Result<FullMatch> create(std::string_view pattern,
                                                const contract::Quality& quality);
  /// Of a pattern in our own code, which is a regular expression.
  [[nodiscard]] static FullMatch of_known(std::string_view pattern);
  FullMatch(FullMatch&&) noexcept;
  FullMatch& operator=(FullMatch&&) noexcept;
  ~FullMatch();

  [[nodiscard]] bool matches(std::string_view text) const;
  /// What the first group in brackets matched; empty when nothing matches.
  [[nodiscard]] std::string first_group(std::string_view text) const;

 private:
  struct Expression;
  explicit FullMatch(std::unique_ptr<Expression> expression);
  std::unique_ptr<Expression> expression_;
};

}  // namespace homeroom::validate
