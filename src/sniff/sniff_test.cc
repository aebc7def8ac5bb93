#include "sniff/sniff.h"

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace homeroom::sniff {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using testing::HasSubstr;

struct Case {
  const char* name;
  std::string_view text;
  std::string_view delimiter;
  std::string_view quote;  ///< quote and escape; empty: none
  std::uint32_t preamble_lines;
  std::uint32_t header_lines;
  std::uint32_t num_columns;
};

// NOLINTNEXTLINE(readability-identifier-naming): the name GoogleTest looks for
void PrintTo(const Case& tried, std::ostream* out) {
  *out << tried.name;
}

constexpr std::string_view kDoubled = "\"\"";
constexpr std::string_view kBackslash = "\"\\";

const Case kCases[] = {
    {"commas", "id,name,score\n1,Ada,7.5\n2,Bo,8\n", ",", kDoubled, 0, 1, 3},
    {"semicolons and decimal commas", "id;name;score\n1;Ada;7,5\n2;Bo;8,25\n", ";", kDoubled, 0, 1,
     3},
    {"tabs", "id\tname\n1\tHill, Ada\n2\tLee, Bo\n", "\t", kDoubled, 0, 1, 2},
    {"pipes", "id|name|date\n1|Ada|2025-09-01\n2|Bo|2025-09-02\n", "|", kDoubled, 0, 1, 3},
    {"carets", "id^name^date\n1^Ada^2025-09-01\n2^Bo^2025-09-02\n", "^", kDoubled, 0, 1, 3},
    {"colons", "root:x:0\nbin:x:1\nsys:x:2\nsync:x:4\n", ":", kDoubled, 0, 0, 3},
    {"times are not cut at their colons", "id,at\n1,09:05:00\n2,10:15:00\n", ",", kDoubled, 0, 1,
     2},
    {"unit separators",
     "id\x1Fname\n1\x1F"
     "Ada\n2\x1F"
     "Bo\n",
     "\x1F", kDoubled, 0, 1, 2},
    {"a comma and a blank", "id, name, note\n1, Ada, \"a, b\"\n2, Bo, \"c\"\n", ", ", kDoubled, 0,
     1, 3},
    {"two pipes", "id||name||date\n1||Ada||2025-09-01\n2||||2025-09-02\n", "||", kDoubled, 0, 1, 3},
    {"an empty column between", "id,,name\n1,,Ada\n2,,Bo\n3,,Cy\n", ",", kDoubled, 0, 1, 3},
    {"quotes", "id,name\n1,\"Hill, Ada\"\n2,\"Lee, Bo\"\n", ",", kDoubled, 0, 1, 2},
    {"line ends in quotes", "id,note\n1,\"a\nb\nc\"\n2,\"d\ne\"\n", ",", kDoubled, 0, 1, 2},
    {"apostrophes as quotes", "id,name\n1,'Hill, Ada'\n2,'Lee, Bo'\n", ",", "''", 0, 1, 2},
    {"apostrophes in names", "id,name\n1,O'Neil\n2,D'Angelo\n", ",", kDoubled, 0, 1, 2},
    {"backslashes before quotes", R"("id","note"
"1","said \"hi, all\" to me"
"2","left, early"
)",
     ",", kBackslash, 0, 1, 2},
    {"quotes that quote nothing", "id,size\n1,5\" pipe\n2,7\" pipe\n", ",", "", 0, 1, 2},
    {"a header in apostrophes over rows in quotes",
     "'ID','DATE'\n\"1\",\"2025-09-01\"\n\"2\",\"2025-09-02\"\n", ",", kDoubled, 0, 1, 2},
    {"one column of ids", "student_id\n0012345\n0012346\n", ",", kDoubled, 0, 1, 1},
    {"one column of names", "school\nLincoln High\nAdams Middle\n", ",", kDoubled, 0, 1, 1},
    {"one column with commas in its values", "name\nHill, Ada\nLee\nPark, Cy\nWu\nXu\n", "",
     kDoubled, 0, 1, 1},
    {"one column of times", "at\n09:05:00\n10:15:00\n", ",", kDoubled, 0, 1, 1},
    {"a header and nothing else", "id,name,date\n", ",", kDoubled, 0, 1, 3},
    {"no header", "1,Ada,2025-09-01\n2,Bo,2025-09-02\n", ",", kDoubled, 0, 0, 3},
    {"no header, ids and codes", "A-1,101,SHS\nA-1,102,SHS\nA-1,103,SHS\n", ",", kDoubled, 0, 0, 3},
    {"a title and a blank line", "Attendance\n\nid,name,date\n1,Ada,2025-09-01\n2,Bo,2025-09-02\n",
     ",", kDoubled, 2, 1, 3},
    {"a title in as many cells", "Report,,\n,,\nid,name,date\n1,Ada,2025-09-01\n", ",", kDoubled, 2,
     1, 3},
    {"groups over the header",
     "\"Absence, "
     "2019\"\n\n\"\",,\"Absent\",\n\"District\",\"Grade\",\"Count\",\"%\"\n\"A\",\"K\",11,11."
     "8\n\"A\",\"1\",8,8.9\n",
     ",", kDoubled, 3, 1, 4},
    {"a header over two lines", "\"Student\nid\",name\n1,Ada\n2,Bo\n", ",", kDoubled, 0, 2, 2},
    {"Excel's line that names the delimiter", "sep=;\nid;name\n1;Ada\n2;Bo\n", ";", kDoubled, 1, 1,
     2},
    {"the years are a header", "district,2015,2016\nA,10.5,11.2\nB,9.1,8.8\nC,7.5,7.0\n", ",",
     kDoubled, 0, 1, 3},
    {"a row that lost a delimiter",
     "id,name,date\n1Ada,2025-09-01\n2,Bo,2025-09-02\n3,Cy,2025-09-03\n", ",", kDoubled, 0, 1, 3},
    {"a header with an extra quote",
     "id,\"name,date,\"note\"\n1,Ada,2025-09-01,\"x\"\n2,Bo,2025-09-02,\"y\"\n", ",", kDoubled, 0,
     1, 4},
    {"a blank before the opening quote",
     "id,at, place\n1,2025-09-01, \"12 Elm St., Providence\"\n2,2025-09-02,\"Lynn, MA\"\n", ",",
     kDoubled, 0, 1, 3},
    {"coordinates between rare signs",
     "id*spot*name\n7*41.50, -71.30*Ada\n8*42.25, -70.90*Bo\n9*40.75, -72.10*Cy\n", "*", kDoubled,
     0, 1, 3},
    {"percent signs", "code%size%date\nA-1%12,50%2025-09-01\nB-2%7,25%2025-09-02\n", "%", kDoubled,
     0, 1, 3},
    {"two colons around an address",
     "id::link::name\n1::http://a.org/x::Ada\n2::http://b.org/y::Bo\n", "::", kDoubled, 0, 1, 3},
    {"two colons around quoted times", "id::at\n\"1\"::\"09:05:10\"\n\"2\"::\"10:15:00\"\n",
     "::", kDoubled, 0, 1, 2},
    {"a sign on both sides of a pipe", "id~|~name\n1~|~Ada\n2~|~Bo\n3~|~Cy\n", "~|~", kDoubled, 0,
     1, 2},
    {"blanks on both sides of quotes", "\"id\" ; \"note\"\n\"1\" ; \"a; b\"\n\"2\" ; \"c d, e\"\n",
     " ; ", kDoubled, 0, 1, 2},
    {"first and last names in one column", "student\nAda Hill\nBo Lee\nCy Park\n", ",", kDoubled, 0,
     1, 1},
    {"paths in one column", "file\n/a/b/c.txt\n/d/e/f.txt\n", ",", kDoubled, 0, 1, 1},
    {"telephones in one column", "phone\n(226) 555-7534\n(352) 555-0176\n", ",", kDoubled, 0, 1, 1},
    {"nearly as many comments as rows",
     "# one\n# two\n# three: 3\n# four\nat|sum\n2025-09-01|5\n2025-09-02|6\n2025-09-03|7\n"
     "2025-09-04|8\n",
     "|", kDoubled, 4, 1, 2},
    {"JSON in cells", "{\"a\": 1, \"b\": 2}|x|1\n{\"a\": 2, \"b\": 3}|y|2\n", "|", "", 0, 0, 3},
    {"one row with a sentence in quotes",
     "\"79%\",\"Planned over spring, with more to come in the next year, as we said.\",662.2\n",
     ",", kDoubled, 0, 0, 3},
    {"codes of one shape name nothing", "AB-12;x1\nCD-345;y22\nE-6;z3\n", ";", kDoubled, 0, 0, 2},
    {"comments over few rows",
     "# Exported, for the board.\n# One row, a school.\ncode;on;sum\nA;2025-09-01;12,5\n"
     "B;2025-09-02;15,25\nC;2025-09-03;9,75\n",
     ";", kDoubled, 2, 1, 3},
    {"times that colons would cut", "HH:mm:ss,HH:mm:ss.S\n15:02:37,15:02:37.1\n", ",", kDoubled, 0,
     1, 2},
    {"lists of semicolons in fields", "who,what\na;b;c,d;e;f\ng;h;i,j;k;l\n", ",", kDoubled, 0, 1,
     2},
    {"blanks around quotes",
     "\"Ada Hill\" 2025-09-01 7.5\n\"Bo Lee\" 2025-09-02 8.5\n\"Cy Wu\" 2025-09-03 6.5\n", " ",
     kDoubled, 0, 0, 3},
    {"numbers lined up by blanks",
     "atoms\nC     0.00    1.50\nH    -0.51    2.25\nH     1.02  -13.75\nO    10.00    0.25\n", " ",
     kDoubled, 1, 0, 3},
    {"few apostrophes as quotes", "id|name|score\n1|Ada|7.5\n2|'O''Neil'|8\n3|Cy|6\n4|Dee|5\n", "|",
     "''", 0, 1, 3},
    {"a header of two rows",
     "Student,Test,Score\nnumber,date,points\n1,2025-09-01,7.5\n2,2025-09-02,8.5\n", ",", kDoubled,
     0, 2, 3},
    {"a header of three equal rows",
     "id,on,score\nid,on,score\nid,on,score\n1,2025-09-01,7.5\n2,2025-09-02,8.5\n", ",", kDoubled,
     0, 3, 3},
    {"two equal rows without a header", "foo,bar\nfoo,bar\n", ",", kDoubled, 0, 0, 2},
    {"a header with another delimiter",
     "id on score\n1,2025-09-01,7.5\n2,2025-09-02,8.5\n3,2025-09-03,6.5\n", ",", kDoubled, 0, 1, 3},
    {"a header in apostrophes over one row in quotes",
     "'ID','DATE','NAME'\n\"1\",\"2025-09-01\",\"Ada Hill\"\n", ",", kDoubled, 0, 1, 3},
    {"a header wider than the rows", "id,name,other,more\n1,Ada\n2,Bo\n", ",", kDoubled, 0, 1, 4},
};

class SniffCase : public testing::TestWithParam<Case> {};

TEST_P(SniffCase, IsReadRight) {
  const Case& tried = GetParam();
  const auto dialect = sniff(tried.text, true);
  ASSERT_TRUE(dialect) << dialect.error().message;
  EXPECT_EQ(dialect->delimiter, tried.delimiter);
  EXPECT_EQ(dialect->quote, tried.quote.empty() ? '\0' : tried.quote[0]);
  if (!tried.quote.empty()) {
    EXPECT_EQ(dialect->escape, tried.quote[1]);
  }
  EXPECT_EQ(dialect->preamble_lines, tried.preamble_lines);
  EXPECT_EQ(dialect->header_lines, tried.header_lines);
  EXPECT_EQ(dialect->num_columns, tried.num_columns);
}

TEST_P(SniffCase, IsReadRightWithOtherLineEndsToo) {
  const Case& tried = GetParam();
  const auto expected = sniff(tried.text, true);
  for (const std::string_view line_end : {"\r\n"sv, "\r"sv}) {
    std::string text;
    for (const char c : tried.text) c == '\n' ? text += line_end : text += c;
    const auto dialect = sniff(text, true);
    ASSERT_TRUE(dialect);
    EXPECT_EQ(dialect->newline, line_end == "\r" ? Newline::kCr : Newline::kCrLf);
    EXPECT_EQ(dialect->delimiter, expected->delimiter);
    EXPECT_EQ(dialect->header_lines, expected->header_lines);
    EXPECT_EQ(dialect->preamble_lines, expected->preamble_lines);
  }
}

INSTANTIATE_TEST_SUITE_P(All, SniffCase, testing::ValuesIn(kCases));

TEST(Sniff, SaysHowSureItIsOfEachJudgement) {
  const auto dialect = sniff("id;name;score\n1;Ada;7,5\n2;Bo;8,25\n", true);
  ASSERT_TRUE(dialect);
  std::vector<std::string> judged;
  for (const Verdict& verdict : dialect->verdicts) {
    judged.push_back(fmt::format("{}: {}", verdict.what, verdict.choice));
    EXPECT_GE(verdict.confidence, 0);
    EXPECT_LE(verdict.confidence, 1);
    EXPECT_FALSE(verdict.reason.empty());
  }
  EXPECT_THAT(judged,
              testing::ElementsAre("encoding: utf-8", "line ends: lf", "delimiter: semicolon",
                                   "quote: \"", "header: 1 line from line 1"));
  EXPECT_EQ(dialect->verdicts[2].reason, "100 % of 3 rows have 3 fields");
  EXPECT_EQ(dialect->verdicts[2].runner_up, "comma");
}

TEST(Sniff, DoesNotJudgeWhatIsGiven) {
  const std::string_view text = "x;1,2\ny;3,4\n";
  const Overrides given{.delimiter = ",",
                        .quote = '\'',
                        .escape = '\\',
                        .encoding = "latin1",
                        .preamble_lines = 1,
                        .header_lines = 0};
  const auto dialect = sniff(text, true, given);
  ASSERT_TRUE(dialect);
  EXPECT_EQ(dialect->delimiter, ",");
  EXPECT_EQ(dialect->quote, '\'');
  EXPECT_EQ(dialect->escape, '\\');
  EXPECT_EQ(dialect->encoding, "iso-8859-1");
  EXPECT_EQ(dialect->preamble_lines, 1U);
  EXPECT_EQ(dialect->header_lines, 0U);
  for (const Verdict& verdict : dialect->verdicts) {
    if (verdict.what == "line ends") continue;
    EXPECT_EQ(verdict.reason, "given");
  }
}

TEST(Sniff, LeavesOutALineThatTheSampleCuts) {
  const auto dialect = sniff("id,name\n1,Ada\n2,\"Bo", false);
  ASSERT_TRUE(dialect);
  EXPECT_EQ(dialect->quote, '"');
  EXPECT_EQ(dialect->verdicts[2].reason, "100 % of 2 rows have 2 fields");
}

TEST(Sniff, TellsARowOfUnitsFromDataAndFromAHeader) {
  const struct {
    std::string_view text;
    std::uint32_t header_lines;
    std::uint32_t units_lines;
  } cases[] = {
      {"name,score,minutes,day\n,(pts),min,YYYY-MM-DD\nAnn,4,12,2026-01-05\nBo,5,13,2026-01-06\n",
       1, 1},
      {"id,rate\n,%\na,4.5\nb,5\n", 1, 1},
      {"id,rate,days\nstring,%,days\na,4.5,1\nb,5,2\n", 1, 1},
      // The letters are values of their columns.
      {"id,sex,mark\n1,m,d\n2,f,d\n3,m,a\n", 1, 0},
      // Over text, words are words.
      {"id,unit,word\n1,min,day\n2,max,night\n", 1, 0},
      {"id,score\n1,4\n2,5\n", 1, 0},
  };

  for (const auto& [text, header_lines, units_lines] : cases) {
    const auto dialect = sniff(text, true);
    ASSERT_TRUE(dialect) << text;
    EXPECT_EQ(dialect->header_lines, header_lines) << text;
    EXPECT_EQ(dialect->units_lines, units_lines) << text;
  }
}

TEST(Sniff, FollowsWhatIsSaidOfUnits) {
  const auto dialect = sniff("id,rate\n,%\na,4.5\nb,5\n", true, {.units_lines = 0});
  ASSERT_TRUE(dialect);
  EXPECT_EQ(dialect->units_lines, 0U);
}

const Verdict* find_verdict(const Dialect& dialect, std::string_view what) {
  for (const Verdict& verdict : dialect.verdicts) {
    if (verdict.what == what) return &verdict;
  }
  return nullptr;
}

TEST(Sniff, NamesTheQuoteThatIsSeldomOpenSoThatEachIsToldOf) {
  std::string text = "id,word,n\n";
  for (int i = 0; i < 40; ++i) text += fmt::format("{},w{},{}\n", i, i % 7, i % 3);
  const auto without = sniff(text, true);
  text += "40,\"open,1\n";
  const auto with = sniff(text, true);
  ASSERT_TRUE(without && with);
  EXPECT_EQ(with->quote, '"');
  const Verdict* verdict = find_verdict(*with, "quote");
  ASSERT_NE(verdict, nullptr);
  EXPECT_EQ(verdict->runner_up, "none");
  EXPECT_LT(verdict->confidence, 0.75);
}

TEST(Sniff, UndoesUtf8ThatWasEncodedTwiceWhereThatIsCertain) {
  const auto twice = sniff("id,name\n1,Jos\u00C3\u00A9\n2,Ann\n", true);
  ASSERT_TRUE(twice);
  EXPECT_TRUE(twice->is_encoded_twice);
  EXPECT_EQ(find_verdict(*twice, "twice")->choice, "UTF-8 within UTF-8");
  const auto mixed = sniff("id,name\n1,Jos\u00C3\u00A9\n2,Zo\u00EB\n", true);
  ASSERT_TRUE(mixed);
  EXPECT_FALSE(mixed->is_encoded_twice);
  EXPECT_EQ(find_verdict(*mixed, "twice")->choice, "no");
  const auto once = sniff("id,name\n1,Zo\u00EB\n2,Ann\n", true);
  ASSERT_TRUE(once);
  EXPECT_EQ(find_verdict(*once, "twice"), nullptr);
}

TEST(Sniff, IsToldWhetherUtf8WasEncodedTwice) {
  const std::string_view text = "id,name\n1,Jos\u00C3\u00A9\n2,Zo\u00EB\n";
  const auto as_it_stands = sniff(text, true, {.encoding = "utf-8"});
  const auto twice = sniff(text, true, {.encoding = "utf-8-twice"});
  ASSERT_TRUE(as_it_stands && twice);
  EXPECT_FALSE(as_it_stands->is_encoded_twice);
  EXPECT_TRUE(twice->is_encoded_twice);
  EXPECT_EQ(twice->encoding, "utf-8");
}

TEST(Sniff, CutsAHeaderWithItsOwnDelimiter) {
  const auto dialect = sniff("id,name,score\n1;Ann;4\n2;Bo;5\n3;Cy;6\n", true);
  ASSERT_TRUE(dialect);
  EXPECT_EQ(dialect->delimiter, ";");
  EXPECT_EQ(dialect->header_delimiter, ",");
  EXPECT_EQ(dialect->num_columns, 3U);
  const auto told = sniff("id,name,score\n1;Ann;4\n2;Bo;5\n3;Cy;6\n", true,
                          {.preamble_lines = 0, .header_lines = 1});
  ASSERT_TRUE(told);
  EXPECT_EQ(told->header_delimiter, ",");
}

TEST(Sniff, TakesTheLinesOfALayoutAsTheyAre) {
  const Overrides given{.layout = {{.name = "id", .start = 1, .length = 3},
                                   {.name = "name", .start = 4, .length = 5}}};
  const auto fixed = sniff("001Ann  \n002Bo   \n003Zoë  \n", true, given);
  ASSERT_TRUE(fixed);
  EXPECT_EQ(fixed->layout.size(), 2U);
  EXPECT_EQ(fixed->num_columns, 2U);
  EXPECT_EQ(fixed->header_lines, 0U);
  EXPECT_EQ(fixed->line_length, 8U);
  const auto stripped = sniff("001Ann\n002Bo\n003Caroline\n", true, given);
  ASSERT_TRUE(stripped);
  EXPECT_EQ(stripped->line_length, 0U);
}

TEST(Sniff, FollowsTheFormerFileWhereItsOwnBytesSayTooLittle) {
  const std::string_view unsure = "a,b;c\nd,e;f\ng,h;i\n";
  const auto alone = sniff(unsure, true);
  ASSERT_TRUE(alone);
  const Dialect comma{.delimiter = ",", .header_lines = 0, .num_columns = 2};
  const Dialect semicolon{.delimiter = ";", .header_lines = 0, .num_columns = 2};
  for (const Dialect& former : {comma, semicolon}) {
    const auto dialect = sniff(unsure, true, {}, &former);
    ASSERT_TRUE(dialect);
    EXPECT_EQ(dialect->delimiter, former.delimiter);
    const Verdict* verdict = find_verdict(*dialect, "delimiter");
    if (alone->delimiter != former.delimiter) {
      EXPECT_EQ(verdict->reason, "as in the file of its kind before");
    }
  }
  // One that is sure of itself, or of another width, is what it is.
  const std::string_view sure = "id;name;score\n1;Ann;4\n2;Bo;5\n3;Cy;6\n4;Di;7\n";
  const auto own = sniff(sure, true, {}, &comma);
  ASSERT_TRUE(own);
  EXPECT_EQ(own->delimiter, ";");
}

struct EncodingCase {
  std::string_view bytes;
  std::string_view encoding;
  bool has_bom;
};

TEST(Sniff, TellsTheEncoding) {
  const EncodingCase cases[] = {
      {"id,name\n1,Ada\n", "utf-8", false},
      {"id,name\n1,Jos\xC3\xA9\n", "utf-8", false},
      {"\xEF\xBB\xBFid,name\n1,Ada\n", "utf-8", true},
      {"\xFF\xFEi\0d\0,\0n\0\n\0001\0,\0002\0\n\0"sv, "utf-16le", true},
      {"i\0d\0,\0n\0\n\0001\0,\0002\0\n\0"sv, "utf-16le", false},
      {"\0i\0d\0,\0n\0\n\0001\0,\0002\0\n"sv, "utf-16be", false},
      {"id,name\n1,Jos\xE9 Garc\xED"
       "a\n2,Zo\xEB\n",
       "windows-1252", false},
      {"id,name\n1,Jos\x8E Garc\x92"
       "a\n2,Zo\x91\n",
       "macintosh", false},
      {"id,name\n1,Jos\x82 Garc\xA1"
       "a\n2,Zo\x89\n",
       "ibm850", false},
      {"id,note\n1,it\x92s \x93late\x94\n", "windows-1252", false},
      {"id,name\n1,Jos\xC3\xA9\n2,\xC3\x89va\n3,Zo\xC3\xAB\n4,Ren\xC3\xA9\n5,B\xC3\xB8\n6,"
       "\xC3\x85sa\n7,Ru\xC3\xAD\n8,Jo\xC3\xA3o\n9,In\xC3\xAAs\n10,Ma\xC3\xABl\n11,Zo\xEB\n",
       "utf-8", false},
      {"item,price\n1,12 \xA4\n2,15 \xA4\n", "iso-8859-15", false},
      {"\xE8\xEC\xFF,\xF8\xEA\xEE\xEB\xE0\n\xC0\xED\xED\xE0,\xEF\xE5\xF0\xE2\xE0\xFF\n",
       "windows-1251", false},
  };
  for (const EncodingCase& tried : cases) {
    const auto dialect = sniff(tried.bytes, true);
    ASSERT_TRUE(dialect) << tried.encoding;
    EXPECT_EQ(dialect->encoding, tried.encoding) << testing::PrintToString(tried.bytes);
    EXPECT_EQ(dialect->has_bom, tried.has_bom);
    EXPECT_EQ(dialect->num_columns, 2U);
  }
}

struct Refusal {
  std::string_view bytes;
  std::string_view message;
  std::string_view hint;
};

TEST(Sniff, RefusesWhatIsNoTableAndSaysWhatToDo) {
  const Refusal refusals[] = {
      {"", "the file is empty", "check that the export has finished, then send the file again"},
      {"\n \r\n", "the file holds only blank lines",
       "check that the export has finished, then send the file again"},
      {"%PDF-1.7\n...", "the file is a PDF document, not a CSV table",
       "export the data as CSV from the program that made the PDF"},
      {"PK\x03\x04........[Content_Types].xml",
       "the file is an Excel workbook or another Office document (XLSX, DOCX), not a CSV table",
       "open it and save or export the table as CSV (UTF-8)"},
      {"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
       "the file is an OpenDocument file (ODS, ODT), not a CSV table",
       "open it and save or export the table as CSV (UTF-8)"},
      {"PK\x03\x04 data.csv", "the file is a ZIP archive, not a CSV table",
       "unpack it and send the CSV files that are in it"},
      {"\x89PNG\r\n\x1A\n", "the file is an image (PNG), not a CSV table",
       "send the table itself, as CSV"},
      {"\x7F"
       "ELF",
       "the file is a program, not a CSV table", "send the table itself, as CSV"},
      {"SQLite format 3\0"sv, "the file is an SQLite database, not a CSV table",
       "export the table as CSV"},
      {"PAR1", "the file is a Parquet file, not a CSV table", "export the table as CSV"},
      {"\x1F\x8B\x08", "the file is compressed with gzip once more, not a CSV table",
       "unpack it and send the CSV files that are in it"},
      {"{\\rtf1 x}", "the file is a word processor document (RTF), not a CSV table",
       "open it and save or export the table as CSV (UTF-8)"},
      {" <!DOCTYPE html><html>", "the file is a web page (HTML), not a CSV table",
       "download the file again; a sign-in or error page was saved in its place"},
      {"<?xml version='1.0'?><a/>", "the file is XML, not a CSV table", "export the table as CSV"},
      {"[{\"id\": 1}, {\"id\": 2}]", "the file is JSON, not a CSV table",
       "export the table as CSV"},
      {"{\"id\": 1}\n{\"id\": 2}\n", "the file is JSON lines, not a CSV table",
       "export the table as CSV"},
      {"# Read me\n\nThis folder holds the exports of our schools, one a month.\n\nAsk us when in "
       "doubt. We know more.\n",
       "the file is text, but not a table",
       "send the table itself, as CSV; if this is one, name its delimiter"},
      {"00123ADA       HILL      2025-09-01   K\n00124BO        LEE       2025-09-01   1\n"
       "00125CY        PARK      2025-09-02   2\n",
       "the file is fixed-width text without delimiters, not a CSV table",
       "describe where each field starts in the layout of its contract, or export the data as CSV"},
  };
  for (const Refusal& tried : refusals) {
    const auto dialect = sniff(tried.bytes, true);
    ASSERT_FALSE(dialect) << tried.message;
    EXPECT_EQ(dialect.error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(dialect.error().message, tried.message);
    EXPECT_EQ(dialect.error().hint, tried.hint);
  }
}

TEST(Sniff, RefusesAnEncodingThatIsNotRead) {
  const auto dialect = sniff("id,name\n", true, {.encoding = "klingon"});
  ASSERT_FALSE(dialect);
  EXPECT_EQ(dialect.error().message,
            "the file is written in klingon, which Homeroom does not read");
  EXPECT_EQ(dialect.error().hint, "save the file as UTF-8, or name its encoding");
}

TEST(Sniff, ReadsProseAsATableWhenItsDelimiterIsGiven) {
  const std::string_view prose = "This is a sentence, of a kind. It is no table at all, is it.\n";
  EXPECT_FALSE(sniff(prose, true));
  EXPECT_TRUE(sniff(prose, true, {.delimiter = ","}));
}

TEST(Sniff, GivesOneColumnWhereTheSampleEndsInTheFirstRow) {
  const auto dialect = sniff("sep=;\nid;date;na", false);
  ASSERT_TRUE(dialect.has_value());
  EXPECT_GE(dialect->num_columns, 1U);
}

}  // namespace
}  // namespace homeroom::sniff
