#include "validate/class_pattern.h"

#include <random>
#include <string>

#include <gtest/gtest.h>
#include <re2/re2.h>

namespace homeroom::validate {
namespace {

TEST(ClassPattern, ReadsTheUsualPatternsOfIdentifiers) {
  for (const char* pattern :
       {R"(^\d{7}$)", R"(\d{7})", "^S[0-9]{3}$", "[0-9A-Z]{4,16}", R"([A-Z]{2,5}-\d+)", R"(\w+)",
        "[A-Za-z_.-]*", R"(\$\d+\.\d{2})", "a?b?c", "", "^$", R"([\d-]{3,})"}) {
    EXPECT_TRUE(ClassPattern::compile(pattern).has_value()) << pattern;
  }
}

TEST(ClassPattern, LeavesToTheEngineWhatNeedsGoingBackOrIsNotAClass) {
  for (const char* pattern : {R"(\d*5)",
                              "a?a",
                              "[a-z]+[x-z]",
                              R"(\w{1,3}\d*_)",
                              "a|b",
                              "(ab)+",
                              "a.c",
                              "[^a]",
                              R"(\s)",
                              R"(\p{L})",
                              R"(\bword)",
                              "[[:alpha:]]",
                              "a+?",
                              "a{2}{3}",
                              "a{,3}",
                              "é",
                              "[é]",
                              "[z-a]",
                              "[]",
                              "[a",
                              "[a-",
                              "a\\",
                              "*a",
                              "a{5,2}",
                              "a{1001}",
                              R"([\d-x])",
                              "a$b",
                              "a^b",
                              "abcdefghijklmnopq"}) {
    EXPECT_FALSE(ClassPattern::compile(pattern).has_value()) << pattern;
  }
}

// The same numbers in every run.
std::mt19937 seeded(unsigned seed) {
  return std::mt19937(seed);
}

std::string random_pattern(std::mt19937& random) {
  static constexpr const char* kCharacters[] = {"a",        "b",     "0",     "-",       R"(\d)",
                                                R"(\w)",    "[ab0]", "[a-c]", "[0-9b-]", R"(\.)",
                                                R"([\d-])", "[-a]",  "[.+]",  "[^a]",    "."};
  static constexpr const char* kCounts[] = {"",    "",    "",     "?",     "*",    "+",
                                            "{2}", "{0}", "{1,}", "{1,2}", "{0,1}"};
  std::string pattern;
  const auto num_runs = random() % 4;
  if (random() % 2 == 0) pattern += '^';
  for (unsigned i = 0; i < num_runs; ++i) {
    pattern += kCharacters[random() % std::size(kCharacters)];
    pattern += kCounts[random() % std::size(kCounts)];
  }
  if (random() % 2 == 0) pattern += '$';
  return pattern;
}

// Property: what is compiled matches exactly what RE2 matches.
TEST(ClassPattern, AgreesWithTheEngineOnWhatItReads) {
  std::mt19937 random = seeded(7);
  constexpr std::string_view kBytes = "abc019-._\n\xC3";
  int num_compiled = 0;
  int num_matches = 0;
  for (int i = 0; i < 4'000; ++i) {
    const std::string pattern = random_pattern(random);
    const RE2 expression(pattern, RE2::Quiet);
    const auto compiled = ClassPattern::compile(pattern);
    if (!compiled) continue;
    ASSERT_TRUE(expression.ok()) << pattern;
    ++num_compiled;
    for (int j = 0; j < 20; ++j) {
      std::string text;
      for (auto left = random() % 6; left > 0; --left) text += kBytes[random() % kBytes.size()];
      const bool is_match = RE2::FullMatch(text, expression);
      ASSERT_EQ(compiled->matches(text), is_match) << pattern << " on " << text;
      num_matches += is_match ? 1 : 0;
    }
  }
  EXPECT_GT(num_compiled, 1'000);
  EXPECT_GT(num_matches, 1'000);
}

}  // namespace
}  // namespace homeroom::validate
