#include <array>
#include <string>

#include <fmt/format.h>

#include "base/text.h"
#include "validate/check.h"

namespace homeroom::validate {
namespace {

using contract::Kind;

constexpr std::size_t kDateSize = 10;  // YYYY-MM-DD, also at the front of a timestamp

struct WordPair {
  std::string_view start;
  std::string_view end;
};

constexpr std::array kWordPairs = {WordPair{"start", "end"}, WordPair{"begin", "end"},
                                   WordPair{"entry", "exit"}, WordPair{"first", "last"}};

struct ColumnPair {
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  std::string reason;
};

class OrderChecker : public RowChecker {
 public:
  explicit OrderChecker(std::vector<ColumnPair> pairs) : pairs_(std::move(pairs)) {}

  void check(const CheckedRows& rows, std::vector<RowProblem>& out) override {
    for (const ColumnPair& pair : pairs_) {
      const auto starts = rows.cells(pair.start);
      const auto ends = rows.cells(pair.end);
      for (RowIndex row = 0; row < rows.num_rows; ++row) {
        if (!starts[row].has_value() || !ends[row].has_value()) continue;
        if (!is_before(ends[row].text(), starts[row].text())) continue;
        out.push_back({.row = row, .column = pair.end, .reason = pair.reason});
      }
    }
  }

 private:
  // ISO dates compare as text; the time of day is left out, as its zone may differ.
  [[nodiscard]] static bool is_before(std::string_view left, std::string_view right) {
    return left.size() >= kDateSize && right.size() >= kDateSize &&
           left.substr(0, kDateSize) < right.substr(0, kDateSize);
  }

  std::vector<ColumnPair> pairs_;
};

bool is_date(const CheckedColumn& column) {
  return column.declared != nullptr &&
         (column.declared->kind == Kind::kDate || column.declared->kind == Kind::kTimestamp);
}

// "term_end" with its word `end` replaced by `start`; empty when it has no such word.
std::string start_name(std::string_view end_name, const WordPair& words) {
  std::vector<std::string> parts;
  bool is_found = false;
  for (const std::string_view part : split(end_name, '_')) {
    is_found = is_found || part == words.end;
    parts.emplace_back(part == words.end ? words.start : part);
  }
  return is_found ? join(parts, "_") : std::string();
}

Result<std::unique_ptr<RowChecker>> bind(const CheckedTable& table) {
  std::vector<ColumnPair> pairs;
  for (const CheckedColumn& end : table.columns) {
    if (!is_date(end)) continue;
    for (const WordPair& words : kWordPairs) {
      const CheckedColumn* start = table.find(start_name(end.table->name, words));
      if (start == nullptr || !is_date(*start)) continue;
      pairs.push_back(
          {.start = start->index,
           .end = end.index,
           .reason = with_why(fmt::format("is before {}", start->table->name), end.declared)});
    }
  }
  if (pairs.empty()) return nullptr;
  return std::make_unique<OrderChecker>(std::move(pairs));
}

constexpr Example kExamples[] = {
    {.in = "2025-08-20|2026-06-05",
     .reason = "",
     .columns = "entry_date|exit_date",
     .kind = Kind::kDate},
    {.in = "2025-08-20|2025-08-20",
     .reason = "",
     .columns = "entry_date|exit_date",
     .kind = Kind::kDate},
    {.in = "2025-08-20|2025-08-19",
     .reason = "is before entry_date",
     .columns = "entry_date|exit_date",
     .kind = Kind::kDate},
    {.in = "2026-06-05|2025-08-20",
     .reason = "is before term_start",
     .columns = "term_start|term_end",
     .kind = Kind::kDate},
    {.in = "2025-08-19 15:00:00|2025-08-20 08:00:00",
     .reason = "is before begin_date (a student leaves after arriving)",
     .columns = "end_date|begin_date",
     .kind = Kind::kTimestamp,
     .why = "a student leaves after arriving"},
    {.in = "2025-08-20|", .reason = "", .columns = "entry_date|exit_date", .kind = Kind::kDate},
    {.in = "b|a", .reason = "", .columns = "entry_date|exit_date", .kind = Kind::kText},
    {.in = "2025-08-20|2025-08-19",
     .reason = "",
     .columns = "entry_date|end_date",
     .kind = Kind::kDate},
};

}  // namespace

extern const Check check_end_not_before_start = {
    .name = "end_not_before_start",
    .summary =
        "In a pair of dates such as entry_date and exit_date, the second is not before the "
        "first",
    .bind_table = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
