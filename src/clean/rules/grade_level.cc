#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "clean/canonical.h"
#include "clean/characters.h"
#include "clean/column_edit.h"
#include "clean/rule.h"
#include "clean/tokens.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

constexpr std::string_view kGradeLevel = "grade_level";
constexpr std::array<std::string_view, 4> kWords = {"grade", "gr", "g", "level"};
constexpr std::array<std::string_view, 5> kEndings = {"st", "nd", "rd", "th", ".0"};

bool is_in(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::any_of(
      words, [&](std::string_view known) { return equals_ignoring_case(known, word); });
}

std::string_view take_letters(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_letter);
  const auto size = static_cast<std::size_t>(std::distance(text.begin(), end));
  const std::string_view letters = text.substr(0, size);
  text.remove_prefix(size);
  return letters;
}

void skip_marks(std::string_view& text) {
  while (!text.empty() && std::string_view(" .-_").find(text.front()) != std::string_view::npos) {
    text.remove_prefix(1);
  }
}

// The digits in "Gr. 5", "G-04", "5th grade", "Grade 05", "5.0"; empty when it is another text.
// "Level 5" is no grade by itself: the word counts only after the number.
std::string_view grade_digits(std::string_view text) {
  const std::string_view word = take_letters(text);
  if (!word.empty() && (!is_in(kWords, word) || equals_ignoring_case(word, "level"))) return {};
  if (!word.empty()) skip_marks(text);
  const auto end = std::ranges::find_if_not(text, is_digit);
  const auto size = static_cast<std::size_t>(std::distance(text.begin(), end));
  if (size == 0 || size > 2) return {};
  const std::string_view digits = text.substr(0, size);
  text.remove_prefix(size);
  if (is_in(kEndings, text.substr(0, 2))) text.remove_prefix(2);
  skip_marks(text);
  if (text.ends_with('.')) text.remove_suffix(1);
  return text.empty() || is_in(kWords, text) ? digits : std::string_view{};
}

// The code that "5" or "05" stands for in the enumeration.
const std::string* find_code(const contract::Enumeration& enumeration, std::string_view digits) {
  auto found = enumeration.by_spelling.find(std::string(digits));
  if (found == enumeration.by_spelling.end() && digits.size() == 2 && digits.front() == '0') {
    found = enumeration.by_spelling.find(std::string(1, digits.back()));
  } else if (found == enumeration.by_spelling.end() && digits.size() == 1) {
    found = enumeration.by_spelling.find({'0', digits.front()});
  }
  if (found == enumeration.by_spelling.end()) return nullptr;
  return &enumeration.values[found->second].code;
}

// The grade of the class that graduates in the year, "" when it is no grade of the year.
std::string_view digits_of_class(std::string_view text, int school_year) {
  static constexpr std::array<std::string_view, 13> kGrades = {
      "0", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"};
  if (school_year == 0 || text.size() != 4 || !is_all_digits(text)) return {};
  int graduation = 0;
  for (const char c : text) graduation = graduation * 10 + digit_value(c);
  const int grade = 12 - (graduation - school_year);
  if (grade < 0 || grade > 12) return {};
  return kGrades[static_cast<std::size_t>(grade)];
}

void apply(const ColumnContext& context, ColumnEdit& edit) {
  if (context.enumeration == nullptr || context.enumeration->name != kGradeLevel) return;
  for (const RowIndex row : edit.rows()) {
    const std::string_view text = edit.text(row);
    if (is_code(context, text, edit.scratch())) continue;
    std::string_view digits = grade_digits(text);
    if (digits.empty()) digits = digits_of_class(text, context.school_year);
    if (digits.empty()) continue;
    const std::string* code = find_code(*context.enumeration, digits);
    if (code != nullptr) edit.replace_with_view(row, *code);
  }
}

constexpr std::array kKinds = {Kind::kEnumeration, Kind::kText};

constexpr Example example(std::string_view in, std::string_view out, int school_year = 0) {
  return {.in = in,
          .out = out,
          .kind = Kind::kEnumeration,
          .enumeration = kGradeLevel,
          .school_year = school_year};
}

constexpr std::array kExamples = {
    example("Gr. 5", "05"),        example("G_04", "04"),         example("gr.-11", "11"),
    example("5th gr.", "05"),      example("3 gr", "03"),         example("Grade. 07", "07"),
    example("Level 5", "Level 5"), example("2027", "2027"),       example("2027", "11", 2026),
    example("2038", "KG", 2026),   example("2025", "2025", 2026),
};

}  // namespace

extern const Rule rule_grade_level = {
    .name = "grade_level",
    .summary =
        "Reads the number in a grade (Gr. 5, 5th grade, G-04), and the grade of a graduation year "
        "where the file's school year is known",
    .applies_to = kKinds,
    .order = 100,
    .looks_for = kUnread,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
