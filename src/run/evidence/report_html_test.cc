#include "run/evidence/report_html.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run/evidence/change_log.h"
#include "run/report.h"

namespace homeroom::run {
namespace {

using testing::HasSubstr;
using testing::Not;

FileReport hostile_report() {
  constexpr std::string_view kTag = "<script>alert('1')</script>";
  FileReport report;
  report.path = "drop/" + std::string(kTag) + ".csv";
  report.dataset = kTag;
  report.match_reason = kTag;
  report.reason = kTag;
  report.rows = {.read = 3, .loaded = 2, .quarantined = 1};
  report.values_changed = 1;
  report.changes = {{.column = std::string(kTag), .rule = "trim", .count = 1}};
  report.samples = {{.column = std::string(kTag),
                     .rule = "trim",
                     .line = 2,
                     .before = std::string(kTag) + " ",
                     .after = std::string(kTag)}};
  report.add_issue({.line = 3,
                    .column = std::string(kTag),
                    .rule = std::string(kTag),
                    .severity = Severity::kError,
                    .message = std::string(kTag),
                    .suggestion = std::string(kTag)});
  report.skipped = {{.line = 4, .reason = std::string(kTag)}};
  report.outputs = {std::string(kTag)};
  report.dialect.emplace();
  report.dialect->verdicts = {{.what = std::string(kTag),
                               .choice = std::string(kTag),
                               .confidence = 1,
                               .runner_up = {},
                               .reason = std::string(kTag)}};
  return report;
}

TEST(ReportHtml, TakesNothingOfAFileForHtml) {
  for (const Command command : {Command::kCheck, Command::kClean, Command::kRun}) {
    const std::string page = to_html(std::vector{hostile_report()}, command);
    EXPECT_THAT(page, Not(HasSubstr("<script")));
    EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"));
  }
}

TEST(ReportHtml, NeedsNothingFromElsewhere) {
  const std::string page = to_html(std::vector{hostile_report()}, Command::kRun);
  for (const char* from : {"http:", "https:", "src=", "@import", "url(", "<link"}) {
    EXPECT_THAT(page, Not(HasSubstr(from)));
  }
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
}

TEST(ReportHtml, ShowsLineColumnWhatIsWrongAndWhatToDo) {
  FileReport report;
  report.path = "drop/a.csv";
  report.rows = {.read = 1203, .loaded = 1202, .quarantined = 1};
  report.add_issue({.line = 1107,
                    .column = "birth_date",
                    .rule = "date_to_iso",
                    .severity = Severity::kError,
                    .message = "month 13 is not a month",
                    .suggestion = {}});
  report.changes = {{.column = "grade_level", .rule = "trim", .count = 1204}};
  report.samples = {
      {.column = "grade_level", .rule = "trim", .line = 9, .before = " 1", .after = "1"}};
  const std::string page = to_html(std::vector{report}, Command::kRun);
  for (const char* text :
       {"Some rows need you", "1,202 of 1,203 rows loaded; 1 row set aside until somebody mends it",
        ">1107<", "birth_date", "month 13 is not a month",
        "correct the value and send the row again", "Drops blanks before and after a value",
        ">1,204<", "<code> 1</code>", "<code>1</code>", "line 9"}) {
    EXPECT_THAT(page, HasSubstr(text));
  }
}

TEST(EscapeHtml, ShowsControlCharactersAndBytesThatAreNoText) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"a<b>&\"'", "a&lt;b&gt;&amp;&quot;&#39;"},
      {"é€😀", "é€😀"},
      {std::string_view("\0\x1B\x7F", 3), "␀␛␡"},
      {"a\nb", "a␊b"},
      {"\xFF<\xE2\x82", "\xEF\xBF\xBD&lt;\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"\xC0\xBC", "\xEF\xBF\xBD\xEF\xBF\xBD"}};
  for (const auto& [text, html] : cases) EXPECT_EQ(escape_html(text), html);
}

TEST(ShownValue, IsCutAtACharacterAndNamesWhatIsNoText) {
  EXPECT_EQ(shown_value(value_cell("")), "(empty)");
  EXPECT_EQ(shown_value(value_cell("Ada")), "Ada");
  Cell suppressed = value_cell("*");
  suppressed.state = CellState::kSuppressed;
  EXPECT_EQ(shown_value(suppressed), "(suppressed)");
  std::string text;
  std::string cut;
  for (int i = 0; i < 130; ++i) text += "é";
  for (int i = 0; i < 120; ++i) cut += "é";
  EXPECT_EQ(shown_value(value_cell(text)), cut + "…");
}

}  // namespace
}  // namespace homeroom::run
