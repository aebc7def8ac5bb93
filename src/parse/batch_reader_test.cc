#include "parse/batch_reader.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoded_size.h"
#include "parse/testing.h"
#include "table/csv_writer.h"

namespace homeroom::parse {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;

struct Case {
  const char* name;
  std::string_view text;
  Dialect dialect;
  std::vector<std::string> log;
};

// NOLINTNEXTLINE(readability-identifier-naming): the name GoogleTest looks for
void PrintTo(const Case& tried, std::ostream* out) {
  *out << tried.name;
}

Dialect backslash() {
  return {.escape = '\\'};
}

Dialect without_quote() {
  return {.quote = '\0', .escape = '\0'};
}

Dialect delimited_by(std::string delimiter) {
  return {.delimiter = std::move(delimiter)};
}

Dialect with_preamble(std::uint32_t lines) {
  return {.preamble_lines = lines};
}

Dialect without_header(std::uint32_t columns) {
  return {.header_lines = 0, .num_columns = columns};
}

const Case kCases[] = {
    {"plain rows", "a,b\n1,2\n3,4\n", {}, {"2 [1] [2]", "3 [3] [4]"}},
    {"last line end missing", "a,b\n1,2", {}, {"2 [1] [2]"}},
    {"CRLF", "a,b\r\n1,2\r\n3,4\r\n", {}, {"2 [1] [2]", "3 [3] [4]"}},
    {"CR", "a,b\r1,2\r3,4\r", {.newline = Newline::kCr}, {"2 [1] [2]", "3 [3] [4]"}},
    {"CR in a file of LF", "a,b\n1,2\r3,4\n", {}, {"2 [1] [2]", "3 [3] [4]"}},
    {"mixed line ends", "a,b\r\n1,2\n3,4\r5,6", {}, {"2 [1] [2]", "3 [3] [4]", "4 [5] [6]"}},
    {"quoted fields", "a,b\n\"1\",\"x, y\"\n", {}, {"2 [q:1] [q:x, y]"}},
    {"doubled quotes", "a,b\n\"\"\"1\"\"\",\"\"\n", {}, {"2 [q:\"1\"] [q:]"}},
    {"quoted line ends count as lines",
     "a,b\n\"1\r\n2\n3\",x\n4,5\n",
     {},
     {"2 [q:1\r\n2\n3] [x]", "5 [4] [5]"}},
    {"empty fields", "a,b,c\n,,\n", {}, {"2 [] [] []"}},
    {"blanks stay", "a,b\n 1 ,\t2\n", {}, {"2 [ 1 ] [\t2]"}},
    {"blanks after a closing quote go", "a,b\n\"1\" ,\"2\"\t\n", {}, {"2 [q:1] [q:2]"}},
    {"blanks on both sides of quotes go",
     "a,b,c\n\"1\" , \"x, y\" , \"3\"\n4 , \"5\" \t,6\n",
     {},
     {"2 [q:1] [q:x, y] [q:3]", "3 [4 ] [q:5] [6]"}},
    {"blank lines are skipped",
     "a,b\n\n1,2\n  \n\n",
     {},
     {"3 [1] [2]", "skipped 2 blank", "skipped 4 blank", "skipped 5 blank"}},
    {"blank lines in one column",
     "a\n1\n\n\"\"\n2\n",
     {},
     {"2 [1]", "4 [q:]", "5 [2]", "skipped 3 blank"}},
    {"too few fields", "a,b,c\n1,2\n", {}, {"ragged 2 () [1] [2]"}},
    {"too many fields", "a,b\n1,2,3\n", {}, {"ragged 2 () [1] [2] [3]"}},
    {"more fields, but empty", "a,b\n1,2,,\n", {}, {"2 [1] [2]"}},
    {"fewer fields, of columns without a name", "a,b,\n1,2\n", {}, {"2 [1] [2] [null]"}},
    {"a header that comes again",
     "a,b\n1,2\na,b\n3,4\n",
     {},
     {"2 [1] [2]", "4 [3] [4]", "skipped 3 repeated header"}},
    {"a stray quote",
     "a,b\n5\" pipe,x\"y\"\n",
     {},
     {"2 [5\" pipe] [x\"y\"]", "issue 2 field 1 stray_quote", "issue 2 field 2 stray_quote"}},
    {"quotes inside quotes",
     "a,b\n\"said \"hi\" to me\",2\n",
     {},
     {"2 [q:said \"hi\" to me] [2]", "issue 2 field 1 text_after_quote"}},
    {"quotes around the first words",
     "a,b\n\"Bob\" Smith,2\n",
     {},
     {"2 [\"Bob\" Smith] [2]", "issue 2 field 1 text_after_quote"}},
    {"text after a quoted delimiter",
     "a,b\n\"1,2\"x,3\n",
     {},
     {"2 [q:1,2x] [3]", "issue 2 field 1 text_after_quote"}},
    {"an extra quote that swallows fields",
     "a,b,c\n\"1,2,\"x, y\"\n",
     {},
     {"2 [\"1] [2] [q:x, y]", "issue 2 field 1 text_after_quote"}},
    {"a quote never closed",
     "a,b\n\"1,2\n3,4\n",
     {},
     {"2 [\"1] [2]", "3 [3] [4]", "issue 2 field 1 unclosed_quote"}},
    {"a quote that would swallow rows",
     "a,b\n1,\"2\n3,4\n5,\"6\"\n",
     {},
     {"2 [1] [\"2]", "3 [3] [4]", "4 [5] [q:6]", "issue 2 field 2 unclosed_quote"}},
    {"a NUL byte", "a,b\n1\0,2\n"sv, {}, {"2 [1\0] [2]"s, "issue 2 field 0 nul_byte"}},
    {"backslashes",
     R"(a,b
"said \"hi\"","c:\\temp\new"
x\,y,2
)",
     backslash(),
     {R"(2 [q:said "hi"] [q:c:\temp\new])", "3 [x,y] [2]"}},
    {"backslashes without that escape", "a,b\nc:\\x,2\n", {}, {"2 [c:\\x] [2]"}},
    {"no quote character", "a,b\n\"1,2\"\n", without_quote(), {"2 [\"1] [2\"]"}},
    {"apostrophes as quotes",
     "a,b\n'1, x','it''s'\n",
     {.quote = '\'', .escape = '\''},
     {"2 [q:1, x] [q:it's]"}},
    {"tabs", "a\tb\n1\t2,3\n", delimited_by("\t"), {"2 [1] [2,3]"}},
    {"a delimiter of two bytes",
     "a, b\n1, \"2, 3\"\n4,5, 6\n",
     delimited_by(", "),
     {"2 [1] [q:2, 3]", "3 [4,5] [6]"}},
    {"blanks before a quote",
     "a,b\n1, \"2, 3\"\n  \"4\" ,\"5\"\n6, \"7\n",
     {},
     {"2 [1] [q:2, 3]", "3 [q:4] [q:5]", "4 [6] [ \"7]", "issue 4 field 2 stray_quote"}},
    {"one delimiter too many may have shifted the row",
     "a,b,c\n1,2,\n1,,2,\n",
     {.fields_per_row = 3},
     {"2 [1] [2] []", "ragged 3 () [1] [] [2] []"}},
    {"one delimiter too many at the end shifts nothing",
     "a,b,c\n1,2,3\n1,2,3,\n",
     {.fields_per_row = 3},
     {"2 [1] [2] [3]", "3 [1] [2] [3]", "issue 3 field 0 field_count"}},
    {"each row ends with a delimiter",
     "a,b\n1,2,\n3,4,\n",
     {.fields_per_row = 3},
     {"2 [1] [2]", "3 [3] [4]", "issue 1 field 0 header_field_count"}},
    {"a second table of another width",
     "a,b,c\n1,2,3\n\na,b\n1,2\n4,5,6\n",
     {},
     {"2 [1] [2] [3]", "skipped 3 blank", "skipped 4 another table", "skipped 5 another table",
      "skipped 6 another table", "issue 4 field 0 another_table"}},
    {"a header cut by another delimiter",
     "a;b;c\n1,2,3\n",
     {.header_delimiter = ";", .num_columns = 3, .fields_per_row = 3},
     {"2 [1] [2] [3]", "issue 1 field 0 header_delimiter"}},
    {"a line of units below the header",
     "a,b\n%,min\n1,2\n",
     {.units_lines = 1},
     {"3 [1] [2]", "skipped 2 units"}},
    {"columns set apart by runs of blanks",
     "a   b c \n 1  \"x  y\"   3\r\n22 y 4",
     {.delimiter = " ", .merges_blanks = true},
     {"2 [1] [q:x  y] [3]", "3 [22] [y] [4]"}},
    {"one column", "a\n1,2\n", delimited_by(""), {"2 [1,2]"}},
    {"a preamble",
     "Report\n\na,b\n1,2\n",
     with_preamble(2),
     {"4 [1] [2]", "skipped 1 title", "skipped 2 blank"}},
    {"no header", "1,2\n3,4\n", without_header(2), {"1 [1] [2]", "2 [3] [4]"}},
    {"no header, width not known", "1,2\n3,4\n", without_header(0), {"1 [1] [2]", "2 [3] [4]"}},
    {"a header and nothing else", "a,b\n", {}, {}},
    {"a header without a line end", "a,b", {}, {}},
};

class ReaderCase : public testing::TestWithParam<Case> {};

TEST_P(ReaderCase, IsReadInEveryWayAndInAnyPieces) {
  const Case& tried = GetParam();
  for (const Kernel kernel : {Kernel::kBest, Kernel::kPortable, Kernel::kNone}) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{SIZE_MAX}}) {
      const ReadResult result = read_all(tried.text, tried.dialect, {}, kernel, piece);
      EXPECT_THAT(result.log, ElementsAreArray(tried.log)) << tried.name << ", piece " << piece;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, ReaderCase, testing::ValuesIn(kCases));

struct HeaderCase {
  std::string_view text;
  Dialect dialect;
  std::vector<std::string> names;
};

TEST(BatchReader, NamesTheColumnsAsTheyStandInTheFile) {
  const HeaderCase cases[] = {
      {"a, b ,\n", {}, {"a", " b ", ""}},
      {"\"x\ny\",b\n1,2\n", {.header_lines = 2}, {"x\ny", "b"}},
      {"Fall,,\nMath,ELA,Art\n", {.header_lines = 2}, {"Fall Math", "ELA", "Art"}},
      {"'ATT_DATE','ATT_CODE'\n\"x\",\"y\"\n", {}, {"ATT_DATE", "ATT_CODE"}},
      {"a b \"c d\"\n1,2,3\n", {.header_delimiter = " ", .fields_per_row = 3}, {"a", "b", "c d"}},
      {"a,,b\n1,2\n", {.fields_per_row = 2}, {"a", "b"}},
      {"a,,b\n1\n", {.fields_per_row = 1}, {"a", "", "b"}},
      {"'A',B\n", {}, {"'A'", "B"}},
      {"1,2,3\n", without_header(0), {"column_1", "column_2", "column_3"}},
      {"\"a,\"b\",c\n", {.num_columns = 3}, {"\"a", "b", "c"}},
  };
  for (const HeaderCase& tried : cases) {
    EXPECT_EQ(read_all(tried.text, tried.dialect).header, tried.names) << tried.text;
  }
}

TEST(BatchReader, SaysWhyARowIsTooLongOrTooShort) {
  const std::string_view header = "id,date,name,score\n1,2025-09-01,Ada Hill,7\n";
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"2,2025-09-02,Hill, Bo,8\n", "unquoted comma in column 3?"},
      {"22025-09-02,Bo,8\n", "missing comma after column 1?"},
      {"2,2025-09-02\n", ""},
      {"x,x,x,x,x,x\n", ""},
  };
  for (const auto& [row, cause] : cases) {
    const ReadResult result = read_all(std::string(header) + std::string(row), {});
    ASSERT_EQ(result.log.size(), 2U);
    EXPECT_THAT(result.log[1], testing::StartsWith(fmt::format("ragged 3 ({})", cause))) << row;
  }
}

TEST(BatchReader, SkipsAFooterOnlyAtTheEndAndOnlyWhenItIsCertain) {
  struct FooterCase {
    std::string_view rows;
    std::vector<std::string> log;
  };

  const FooterCase cases[] = {
      {"1,2,3\nTotal,123\n", {"2 [1] [2] [3]", "skipped 3 footer"}},
      {"1,2,3\n\nGrand Total,,\nEnd of report\n\n",
       {"2 [1] [2] [3]", "skipped 3 blank", "skipped 4 footer", "skipped 5 footer",
        "skipped 6 blank"}},
      {"1,2,3\n(1 rows)\n", {"2 [1] [2] [3]", "skipped 3 footer"}},
      {"1,2,3\nGenerated on 2025-11-03\n", {"2 [1] [2] [3]", "skipped 3 footer"}},
      {"Total,,3\n1,2,3\n", {"2 [Total] [] [3]", "3 [1] [2] [3]"}},
      {"1,2,3\nTotal,2,3\n", {"2 [1] [2] [3]", "skipped 3 footer"}},
      {"1,2,3\nTotal,2,\nTRL,2,3\n", {"2 [1] [2] [3]", "skipped 3 footer", "skipped 4 footer"}},
      {"1,2,3\n,Total,3\n", {"2 [1] [2] [3]", "skipped 3 footer"}},
      {"A,2,3\nTotal,2,3\n", {"2 [A] [2] [3]", "3 [Total] [2] [3]"}},
      {"1,2,3\nTotals for 1,2,3\n4,2,3\nTotals for 4,2,3\nEnd of report\n",
       {"2 [1] [2] [3]", "3 [Totals for 1] [2] [3]", "4 [4] [2] [3]", "5 [Totals for 4] [2] [3]",
        "skipped 6 footer"}},
      {"1,2,3\nTotality,\n",
       {"2 [1] [2] [3]", "ragged 3 (missing comma after column 1?) [Totality] []"}},
      {"1,2,3\nNote,\n", {"2 [1] [2] [3]", "skipped 3 footer"}},
      {"1,2,3\nNote,x\n", {"2 [1] [2] [3]", "ragged 3 () [Note] [x]"}},
  };
  for (const FooterCase& tried : cases) {
    const std::string text = "a,b,c\n" + std::string(tried.rows);
    EXPECT_THAT(read_all(text, {}).log, ElementsAreArray(tried.log)) << tried.rows;
  }
}

// What is said of the rows that a footer states; empty: nothing.
std::string said_of_footer(std::string_view text, const Limits& limits = {}) {
  TextSource source(text);
  const auto reader = create_reader(source, {}, limits, Kernel::kBest);
  Batch batch;
  while ((*reader)->next(batch).value_or(false)) {
  }
  std::string said;
  for (const Issue& issue : (*reader)->issues()) {
    if (issue.rule == "stated_rows") said += fmt::format("{}: {}", issue.line, issue.message);
  }
  return said;
}

TEST(BatchReader, WarnsWhenTheFooterSaysAnotherNumberOfRows) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"Total records: 2,,\n", ""},
      {"Total records: 1,,\n", "4: the file says that it has 1 row, and has 2"},
      {"\"Total Records: 1,204\"\n", "4: the file says that it has 1,204 rows, and has 2"},
      {"Row count,3\n", "4: the file says that it has 3 rows, and has 2"},
      {"(3 rows)\n", "4: the file says that it has 3 rows, and has 2"},
      {"\nNumber of records = 3\nEnd of report\n",
       "5: the file says that it has 3 rows, and has 2"},
      {"Total,3\n", ""},            // of a column, perhaps
      {"Total records,3,4\n", ""},  // a row of three fields
      {"Total records: many,,\n", ""},
      {"Total records: 99999999999999999999,,\n", ""},
  };
  for (const auto& [footer, message] : cases) {
    EXPECT_EQ(said_of_footer("a,b,c\n1,2,3\n4,5,6\n" + std::string(footer)), message) << footer;
  }
}

TEST(BatchReader, CountsTheRowsOfAllBatchesForTheFooterWithAnyNumberOfThreads) {
  std::string text = "a,b,c\n";
  for (int row = 0; row < 200'000; ++row) text += "1,2,3\n";
  for (const std::size_t num_threads : {1, 2, 4}) {
    const Limits limits{.num_threads = num_threads};
    EXPECT_EQ(said_of_footer(text + "Total records: 200000,,\n", limits), "") << num_threads;
    EXPECT_NE(said_of_footer(text + "Total records: 199999,,\n", limits), "") << num_threads;
  }
}

TEST(BatchReader, FindsTheFooterBehindManyBatches) {
  std::string text = "a,b,c\n";
  for (int row = 0; row < 30'000; ++row) text += "1,2,3\n";
  text += "Total,30000\n";
  const ReadResult result = read_all(text, {}, {.max_cells_per_batch = 60});
  EXPECT_EQ(result.rows.size(), 30'000U);
  EXPECT_EQ(result.log.back(), "skipped 30002 footer");
}

TEST(BatchReader, KeepsTheRowsOfABatchWithinItsCells) {
  std::string text = "a,b\n";
  for (int row = 0; row < 20'000; ++row) text += "12,34\n";
  TextSource source(text);
  const auto reader = BatchReader::create(source, {}, {.max_cells_per_batch = 200});
  ASSERT_TRUE(reader);
  Batch batch;
  std::vector<RowIndex> sizes;
  while ((*reader)->next(batch).value_or(false)) sizes.push_back(batch.num_rows());
  EXPECT_EQ(sizes.front(), 100U);
  sizes.pop_back();  // the last one takes what is left of the file's end
  EXPECT_THAT(sizes, testing::Each(100U));
}

// Reads what a file in this encoding says, and where the file has it.
TEST(BatchReader, SaysAtWhichByteOfTheFileALineIsOdd) {
  const std::string_view text =
      "a,b\n1,\xC3\xA9\n\n3,\xE2\x82\xAC,5\n6,\xC3\xA9x\"y\n\"7\n8\",9,\n";
  for (const std::string_view encoding : {"utf-8", "windows-1252", "utf-16le", "utf-32be"}) {
    for (const bool has_bom : {false, true}) {
      Dialect dialect{.fields_per_row = 2};
      dialect.encoding = encoding;
      dialect.has_bom = has_bom;
      const EncodedSize size(encoding, false);
      const auto place = [&](std::string_view what) {
        return size.of(text.substr(0, text.find(what))) + (has_bom ? size.bom() : 0);
      };
      const ReadResult read = read_all(text, dialect);
      EXPECT_THAT(read.offsets, ElementsAre(place("3,"), place("\"y"), place("\"7"))) << encoding;
      EXPECT_EQ(read.log.back(), "issue 6 field 0 field_count");
    }
  }
}

TEST(BatchReader, SaysAtWhichByteOfTheFileItStopped) {
  const Dialect dialect{.encoding = "utf-16le", .has_bom = true};
  const ReadResult read =
      read_all("a,b\n\xC3\xA9,2\n3,\xC3\xA9long\n", dialect, {.max_field_bytes = 5});
  EXPECT_EQ(read.log.back(), "error: a value on line 3 is longer than 5 bytes (line 3, byte 18)");
}

TEST(BatchReader, SaysInWhichColumnARowIsLikelyShifted) {
  TextSource source("id,name,score\n1,Ann,7\n2,Hill, Bo,8\n");
  const auto reader = BatchReader::create(source, {});
  Batch batch;
  ASSERT_TRUE((*reader)->next(batch));
  ASSERT_EQ(batch.ragged.size(), 1U);
  EXPECT_EQ(batch.ragged[0].likely_cause, "unquoted comma in column 2?");
  EXPECT_EQ(batch.ragged[0].likely_column, 2U);
}

TEST(BatchReader, KeepsAThousandIssuesAtMost) {
  std::string text = "a,b\n";
  for (int row = 0; row < 3000; ++row) text += "1,5\" pipe\n";
  TextSource source(text);
  const auto reader = BatchReader::create(source, {});
  Batch batch;
  while ((*reader)->next(batch).value_or(false)) {
  }
  EXPECT_EQ((*reader)->issues().size(), 1000U);
}

TEST(BatchReader, SaysWhatWasOddWithoutShowingIt) {
  TextSource source("id,note\n1,secret\" word\n");
  const auto reader = BatchReader::create(source, {});
  Batch batch;
  ASSERT_TRUE((*reader)->next(batch));
  ASSERT_EQ((*reader)->issues().size(), 1U);
  const Issue& issue = (*reader)->issues()[0];
  EXPECT_EQ(issue.line, 2U);
  EXPECT_EQ(issue.column, "note");
  EXPECT_EQ(issue.severity, Severity::kWarning);
  EXPECT_EQ(issue.message, "a quote inside an unquoted value was kept as part of the value");
  EXPECT_EQ(issue.suggestion, "put the whole value in quotes and double each quote inside it");
}

TEST(BatchReader, SaysThatTheFileEndsBeforeItsHeader) {
  TextSource source("Report\n");
  const auto reader = BatchReader::create(source, with_preamble(3));
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(reader.error().message, "the file ends before its header");
  EXPECT_THAT(reader.error().hint, HasSubstr("check that the whole file arrived"));
}

class BrokenSource final : public ByteSource {
 public:
  [[nodiscard]] Result<std::size_t> read(std::span<char> out) override {
    if (is_broken_) return fail(ErrorCode::kIo, "the disk is gone");
    is_broken_ = true;
    std::ranges::fill(out, 'x');
    return out.size();
  }

 private:
  bool is_broken_ = false;
};

TEST(BatchReader, PassesOnTheErrorsOfItsSource) {
  BrokenSource source;
  const auto reader = BatchReader::create(source, without_header(1));
  ASSERT_TRUE(reader);
  Batch batch;
  const Result<bool> result = (*reader)->next(batch);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "the disk is gone");
}

TEST(WriteCanonical, WritesHeaderAndRowsAndLeavesOutWhatWasSkipped) {
  TextSource source("Report\na;b;c\n1;\"x;\"\"y\"\"\";3\n\n4\n5;6;7;8\nTotal;2\n");
  const auto reader = BatchReader::create(source, {.delimiter = ";", .preamble_lines = 1});
  ASSERT_TRUE(reader);
  TextSink sink;
  ASSERT_TRUE(write_canonical(**reader, sink));
  EXPECT_EQ(sink.text, "a,b,c\n1,\"x;\"\"y\"\"\",3\n4,,\n5,6,7,8\n");
}

TEST(WriteCanonical, InventsNoNamesWhereThereIsNoHeader) {
  TextSource source("1,2\n");
  const auto reader = BatchReader::create(source, without_header(2));
  TextSink sink;
  ASSERT_TRUE(write_canonical(**reader, sink));
  EXPECT_EQ(sink.text, "1,2\n");
}

// Any table, written by RFC 4180, comes back as it was.
TEST(BatchReader, ReadsBackWhatTheWriterWrote) {
  std::mt19937 random(7);  // NOLINT(bugprone-random-generator-seed): the same table each time
  constexpr std::string_view kAlphabet = "ab \",\n\r\t;'\\";
  for (int round = 0; round < 300; ++round) {
    const std::size_t num_columns = 1 + random() % 6;
    std::vector<std::vector<std::string>> rows;
    TextSink sink;
    CsvWriter csv(sink);
    for (std::size_t row = 0; row < 1 + random() % 40; ++row) {
      rows.emplace_back();
      for (std::size_t column = 0; column < num_columns; ++column) {
        std::string value = row == 0 ? "n" : "";
        for (std::size_t size = random() % 12; size > 0; --size) {
          value += kAlphabet[random() % kAlphabet.size()];
        }
        // A line of blanks and one column are the same in CSV.
        if (num_columns == 1) value += 'x';
        csv.field(value);
        rows.back().push_back(std::move(value));
      }
      ASSERT_TRUE(csv.end_record());
    }
    ASSERT_TRUE(csv.finish());
    const ReadResult result = read_all(sink.text, {});
    ASSERT_EQ(result.header, rows[0]);
    rows.erase(rows.begin());
    ASSERT_EQ(result.rows, rows) << sink.text;
  }
}

}  // namespace
}  // namespace homeroom::parse
