#include "sniff/value_type.h"

#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace homeroom::sniff {
namespace {

TEST(ValueTypeOf, TellsValuesByTheirCharacters) {
  const std::pair<ValueType, std::vector<std::string_view>> cases[] = {
      {ValueType::kEmpty, {"", "  ", "NULL", "n/a", "*", "-"}},
      {ValueType::kInteger, {"0", "0012345", " 7 "}},
      {ValueType::kDecimal,
       {"1.5", "-5", "+5", "(12)", "1,204.50", "1.204,5", "1.204.567", "$74.69", "12 %", "€5",
        "5 €", "1e-5", ".5", "1'204", "7.", "12 345", "(51.5, -0.12)"}},
      {ValueType::kDate,
       {"2025-11-03", "3/11/25", "11/3/2025", "3.11.2025", "3-Nov-25", "Nov 3, 2025",
        "3 November 2025", "2025/1/5", "Monday, 3 November 2025", "Mon 3/11/2025"}},
      {ValueType::kTime, {"9:05", "09:05:00", "09:05:00.123", "9:05 PM", "09:05Z", "09:05+01:00"}},
      {ValueType::kDateTime,
       {"2025-11-03 09:05:00", "2025-11-03T09:05:00.123Z", "1/28/2019 9:23:43",
        "2018/08/12 6:28:23 AM AST"}},
      {ValueType::kBoolean, {"true", "No", "T"}},
      {ValueType::kAddress,
       {"https://example.org/a?b=1,2", "www.example.org", "ada@example.org", "/drop/ada/a.txt",
        "C:\\a\\b", "(226) 555-7534", "226-555-7534", "+44 20 7946 0018"}},
      {ValueType::kCode, {"SPA-310", "a_b", "K", "2011-12", "Anna", "1.2.3", "12:99:1"}},
      {ValueType::kText,
       {"Lincoln High", "Hill, Ada", "a (b)", "O'Neil", "é è", "5\" pipe", "a \"b\" c", "see a; b",
        "{\"a\": 1, \"b\": 2}", "<a href=\"b\">c</a>", "10 20", "7, ", "due: 9:05, or 10:15"}},
      {ValueType::kMixed,
       {"1;x", "a|b", "a,b", "a\tb", "7\t", "a\"b\"c", "(51.5", "Hill, Ada:(226) 555-7534:25690",
        "{\"a\": 1};b"}},
  };
  for (const auto& [type, texts] : cases) {
    for (const std::string_view text : texts) EXPECT_EQ(value_type(text), type) << text;
  }
}

TEST(ValueTypeOf, LooksAtTheStartOfALongValueOnly) {
  EXPECT_EQ(value_type(std::string(5000, 'x')), ValueType::kCode);
}

}  // namespace
}  // namespace homeroom::sniff
