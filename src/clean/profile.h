#pragma once

// What a whole column looks like before it is cleaned: the facts that one row cannot decide.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "table/batch.h"
#include "table/schema.h"

namespace homeroom::clean {

enum class DateOrder : std::uint8_t {
  kNone,        ///< no value needs it: ISO, or a month in letters
  kMonthFirst,  ///< 3/14/2025 occurs, 14/3/2025 does not
  kDayFirst,
  kAmbiguous,   ///< every value reads both ways
  kMixed,       ///< both 3/14/2025 and 14/3/2025 occur
};

/// Facts of a column over all its rows, after outer blanks, ="..." and null tokens are set aside.
struct ColumnProfile {
  std::uint64_t num_values = 0;
  std::uint64_t num_nulls = 0;
  std::uint64_t num_suppressed = 0;   ///< cells that are a suppression mark ("*")
  /// The type under which every value prints back the same; text when none does. Numbers with a
  /// leading zero or plus sign, 1/0 written as 01/00, and dates not in ISO form are text
  /// (dates in one decided order are kDate: see `date_order`).
  SqlType type = SqlType::kText;
  DateOrder date_order = DateOrder::kNone;
  LineNumber first_month_first_line = 0;  ///< evidence for messages; 0: none
  LineNumber first_day_first_line = 0;
  bool is_fraction = false;           ///< decimals, all between 0 and 1, none with "%"
  bool has_percent_sign = false;
  std::uint32_t max_length = 0;
};

/// Gathers the facts in one pass, batch after batch. Not shared by threads.
/// Memory: about 200 bytes a column, whatever the file.
class Profiler {
 public:
  /// Looks only at `columns` (indices); all when empty.
  Profiler(std::size_t num_columns, std::span<const std::size_t> columns = {});
  ~Profiler();
  Profiler(Profiler&&) noexcept;
  Profiler& operator=(Profiler&&) noexcept;

  void observe(const Batch& batch);
  [[nodiscard]] std::vector<ColumnProfile> finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace homeroom::clean
