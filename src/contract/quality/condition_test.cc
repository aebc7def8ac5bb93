#include "contract/quality/condition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace homeroom::contract {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using What = Condition::What;

std::string describe(const Operand& operand) {
  if (operand.is_text) return "'" + operand.text + "'";
  std::string text;
  for (const Operand::Term& term : operand.terms) {
    text += (term.is_negative ? "-" : "+") + (term.is_column ? term.text : "#" + term.text);
  }
  return text;
}

// The tree with its brackets written out.
std::string describe(const Condition& condition) {
  constexpr std::string_view kSigns[] = {"=", "<>", "<", "<=", ">", ">="};
  std::string text;
  switch (condition.what) {
    case What::kCompare:
      return describe(condition.left) +
             std::string(kSigns[static_cast<std::size_t>(condition.compare)]) +
             describe(condition.right);
    case What::kIsNull:
      return describe(condition.left) + " null";
    case What::kIn:
      text = describe(condition.left) + " in";
      for (const Operand& operand : condition.list) text += " " + describe(operand);
      return text;
    case What::kNot:
      return "not(" + describe(condition.parts[0]) + ")";
    case What::kAnd:
    case What::kOr:
      break;
  }
  for (const Condition& part : condition.parts) {
    if (!text.empty()) text += condition.what == What::kAnd ? " and " : " or ";
    text += describe(part);
  }
  return "(" + text + ")";
}

TEST(ParseCondition, ReadsEachForm) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"a <= b", "+a<=+b"},
      {"a<b", "+a<+b"},
      {"a != 'x''y'", "+a<>'x'y'"},
      {"a IS NOT NULL", "not(+a null)"},
      {"a is null", "+a null"},
      {"a in ('x', 'y')", "+a in 'x' 'y'"},
      {"a not in (1, 2.5)", "not(+a in +#1 +#2.5)"},
      {"boys + girls - 1 = students", "+boys+girls-#1=+students"},
      {"a > -5", "+a>-#5"},
      {"a = 1 or b = 2 and c = 3", "(+a=+#1 or (+b=+#2 and +c=+#3))"},
      {"(a = 1 or b = 2) and not c = 3", "((+a=+#1 or +b=+#2) and not(+c=+#3))"},
      {"\"in\" = 'x'", "+in='x'"},
  };
  for (const auto& [text, tree] : cases) {
    const auto condition = parse_condition(text);
    ASSERT_TRUE(condition.has_value()) << text << ": " << condition.error().message;
    EXPECT_EQ(describe(*condition), tree) << text;
  }
}

TEST(ParseCondition, SaysWhatIsMissingAndWhere) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "the condition is empty"},
      {"a", "a comparison (=, <>, <, <=, >, >=, is null, in) is missing at the end"},
      {"a <=", "a column, number or 'text' is missing at the end"},
      {"a = 1 b = 2", "and, or, or the end is missing before b"},
      {"(a = 1", ") is missing at the end"},
      {"a is 1", "null is missing before 1"},
      {"a not 1", "in is missing before 1"},
      {"a = 'x", "a quote is not closed"},
      {"a ~ b", "~ has no meaning in a condition"},
      {"a in 1", "( is missing before 1"},
      {"and = 1", "a column, number or 'text' is missing before and"},
  };
  for (const auto& [text, message] : cases) {
    const auto condition = parse_condition(text);
    ASSERT_FALSE(condition.has_value()) << text;
    EXPECT_EQ(condition.error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(condition.error().message, message) << text;
    EXPECT_THAT(condition.error().hint, HasSubstr("days_present <= days_enrolled"));
  }
}

TEST(ParseCondition, EndsWhereNestingIsTooDeep) {
  EXPECT_FALSE(parse_condition(std::string(1000, '(') + "a = 1").has_value());
  std::string nots;
  for (int i = 0; i < 500; ++i) nots += "not ";
  EXPECT_EQ(parse_condition(nots + "a = 1").error().message, "the condition is nested too deep");
}

TEST(ColumnsOf, NamesEachOnceInTheirOrder) {
  const auto condition = parse_condition("b + a <= c or a is null and d in (b, 'e')");
  EXPECT_THAT(columns_of(condition.value()), ElementsAre("b", "a", "c", "d"));
}

}  // namespace
}  // namespace homeroom::contract
