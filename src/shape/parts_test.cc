#include "shape/parts.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace homeroom::shape {
namespace {

using contract::Part;

std::string words(const Parts& parts, std::initializer_list<Part> wanted) {
  std::string out;
  for (const Part part : wanted) out += fmt::format("{}|", parts[part]);
  return out;
}

std::string name(std::string_view text) {
  return words(name_parts(text), {Part::kLast, Part::kFirst, Part::kMiddle, Part::kSuffix});
}

std::string mark(std::string_view text) {
  return words(mark_parts(text), {Part::kNumber, Part::kLetter});
}

TEST(NameParts, TakesANameApartWhereEachWordHasOnePlace) {
  EXPECT_EQ(name("Ruiz, Ana"), "Ruiz|Ana|||");
  EXPECT_EQ(name("Ruiz, Ana M"), "Ruiz|Ana|M||");
  EXPECT_EQ(name("Ruiz, Ana M., Jr."), "Ruiz|Ana|M.|Jr.|");
  EXPECT_EQ(name("Ruiz, Jr, Ana"), "Ruiz|Ana||Jr|");
  EXPECT_EQ(name("Ruiz III, Ana"), "Ruiz|Ana||III|");
  EXPECT_EQ(name("Ruiz, Ana M II"), "Ruiz|Ana|M|II|");
  EXPECT_EQ(name("Ruiz, Ana, 2nd"), "Ruiz|Ana||2nd|");
  EXPECT_EQ(name("DE LA CRUZ-O'NEIL, JOS\xC3\x89"), "DE LA CRUZ-O'NEIL|JOS\xC3\x89|||");
  EXPECT_EQ(name("Ruiz, \xC3\x89va \xC3\x89."), "Ruiz|\xC3\x89va|\xC3\x89.||");
}

TEST(NameParts, TakesNothingApartWhereAWordMayBeTwoThings) {
  for (const std::string_view text : {"",
                                      "Ruiz",
                                      "Ana Ruiz",
                                      "Ana M Ruiz",
                                      "Ruiz, Ana Maria",
                                      "Ruiz, Ana V",
                                      "Ruiz, Ana I.",
                                      "Ruiz, Ana M N",
                                      "Ruiz,",
                                      ", Ana",
                                      "King, III",
                                      "Ruiz, Ana, Maria",
                                      "Ruiz, Jr, Sr",
                                      "Ruiz Jr, Ana, III",
                                      "Ruiz, Ana (Annie)",
                                      "Ruiz, Ana/Eva",
                                      "Ruiz, Ana & Eva",
                                      "Ruiz, Ana 3",
                                      "Ruiz, Ana, Jr, x",
                                      "Ruiz, Ana \"Annie\"",
                                      "Ruiz*, Ana"}) {
    EXPECT_TRUE(name_parts(text).is_empty()) << text << ": " << name(text);
  }
}

TEST(MarkParts, TakesAPercentageAndALetterApart) {
  EXPECT_EQ(mark("85.12 B+"), "85.12|B+|");
  EXPECT_EQ(mark("B+ 85.12"), "85.12|B+|");
  EXPECT_EQ(mark("B+ (85.12)"), "85.12|B+|");
  EXPECT_EQ(mark("B+(85.12 %)"), "85.12|B+|");
  EXPECT_EQ(mark("85.12% (B+)"), "85.12|B+|");
  EXPECT_EQ(mark("85 % B-"), "85|B-|");
  EXPECT_EQ(mark("A/100"), "100|A|");
  EXPECT_EQ(mark("0 F"), "0|F|");
  EXPECT_EQ(mark("7.5 F"), "7.5|F|");
}

TEST(MarkParts, TakesNothingApartThatMayBeAnotherScale) {
  for (const std::string_view text :
       {"",       "B+",      "85.12",  "3.7 A-",  "4 B",   "12 A+", "3 of 4", "85 92",
        "A B",    "A B+ 85", "INC 85", "85,12 B", "85. B", ".5 F",  "1e2 A",  "85 P",
        "2024 A", "A (",     "(85)",   "-85 B",   "85 E",  "85 b+", "085 B"}) {
    EXPECT_TRUE(mark_parts(text).is_empty()) << text << ": " << mark(text);
  }
}

}  // namespace
}  // namespace homeroom::shape
