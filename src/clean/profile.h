#pragma once

// What a whole column looks like before it is cleaned: the facts that one row cannot decide.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "clean/known_cells.h"
#include "table/batch.h"
#include "table/schema.h"

namespace homeroom::clean {

enum class DateOrder : std::uint8_t {
  kNone,        ///< no value needs it: ISO, or a month in letters
  kMonthFirst,  ///< 3/14/2025 occurs, 14/3/2025 does not
  kDayFirst,
  kAmbiguous,  ///< every value reads both ways
  kMixed,      ///< both 3/14/2025 and 14/3/2025 occur
};

/// Facts of a column over all its rows but ragged ones, after outer blanks, ="..." and null tokens
/// are set aside.
struct ColumnProfile {
  std::uint64_t num_values = 0;  ///< neither null nor suppressed
  std::uint64_t num_nulls = 0;
  std::uint64_t num_suppressed = 0;  ///< cells that are "*"
  std::uint32_t max_length = 0;      ///< bytes
  /// The type under which every value prints back the same; text when none does. Numbers with a
  /// leading zero or plus sign, 1/0 written as 01/00, TRUE and dates not in ISO form are text.
  /// Suppressed cells count as values, and make the column text, unless all others are numbers.
  SqlType type = SqlType::kText;

  DateOrder date_order = DateOrder::kNone;
  std::uint64_t num_month_first = 0;  ///< dates that are none with the day first
  std::uint64_t num_day_first = 0;
  LineNumber first_month_first_line = 0;  ///< evidence for messages; 0: none
  LineNumber first_day_first_line = 0;
  LineNumber first_ambiguous_line = 0;
  bool has_year_first_compact = false;  ///< 20250911 occurs
  bool has_date = false;                ///< some value reads as a date, with or without a time

  bool is_fraction = false;  ///< it has numbers, all from 0 to 1, none with "%"
  bool has_percent_sign = false;
  bool mixes_percent_and_fraction = false;  ///< 92% and 0.92 occur, and nothing above 1 without "%"
  bool uses_decimal_comma = false;          ///< 12,5 or 1.234,5 occurs
  bool uses_thousands_comma = false;        ///< 1,234.5 or 1,234,567 occurs
  bool all_end_in_point_zero = false;       ///< every value is like "1234.0"

  bool operator==(const ColumnProfile&) const = default;
};

/// What still has to be learned of a column, once it is known what the column is.
enum class Wanted : std::uint8_t {
  kAll,
  kDates,     ///< has_date, the order of dates and the evidence for it, and counts of values
  kPresence,  ///< whether it has values at all
};

/// Gathers the facts in one pass, batch after batch. Not shared by threads.
/// Memory: about 300 bytes a column and 512 KiB for all of them, whatever the file.
class Profiler {
 public:
  explicit Profiler(std::size_t num_columns);
  ~Profiler();
  Profiler(Profiler&&) noexcept;
  Profiler& operator=(Profiler&&) noexcept;

  /// `open` (empty: all) are the rows of each column that hold texts not observed before.
  void observe(const Batch& batch, std::span<const OpenRows> open = {});

  /// From now on gathers what is wanted of each column; its other facts are worth nothing.
  void keep_to(std::span<const Wanted> wanted);

  [[nodiscard]] std::vector<ColumnProfile> finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace homeroom::clean
