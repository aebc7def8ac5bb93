#include "contract/quality/quality.h"

#include <fmt/format.h>

namespace homeroom::contract {

std::string Bound::words() const {
  const std::string_view unit = is_percent ? " %" : "";
  switch (op) {
    case Operator::kBe:
      return fmt::format("{}{}", low, unit);
    case Operator::kNotBe:
      return fmt::format("other than {}{}", low, unit);
    case Operator::kGreaterThan:
      return fmt::format("more than {}{}", low, unit);
    case Operator::kGreaterOrEqual:
      return fmt::format("at least {}{}", low, unit);
    case Operator::kLessThan:
      return fmt::format("less than {}{}", low, unit);
    case Operator::kLessOrEqual:
      return fmt::format("at most {}{}", low, unit);
    case Operator::kBetween:
      return fmt::format("between {} and {}{}", low, high, unit);
    case Operator::kNotBetween:
      return fmt::format("outside {} to {}{}", low, high, unit);
  }
  return {};
}

const std::string* Quality::find(std::string_view argument) const {
  const auto found = arguments.find(argument);
  return found == arguments.end() || found->second.size() != 1 ? nullptr : &found->second[0];
}

bool Quality::tolerates_nothing() const {
  if (!bound) return true;
  const bool is_zero = bound->low.find_first_not_of("0.") == std::string::npos;
  return is_zero &&
         (bound->op == Bound::Operator::kBe || bound->op == Bound::Operator::kLessOrEqual);
}

}  // namespace homeroom::contract
