#include <array>
#include <string_view>

#include "clean/canonical.h"
#include "clean/column_edit.h"
#include "clean/rule.h"
#include "clean/time_text.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

// "0905", as bell schedules write it.
std::optional<TimeText> read_compact_time(std::string_view text) {
  if (text.size() != 4 || !is_all_digits(text)) return std::nullopt;
  const std::array<char, 5> spread_out = {text[0], text[1], ':', text[2], text[3]};
  return read_time({spread_out.data(), spread_out.size()});
}

void apply(const ColumnContext& /*context*/, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    auto time = read_time(edit.text(row));
    if (!time) time = read_compact_time(edit.text(row));
    if (!time || time->has_zone || time->has_unknown_zone) {
      edit.mark_bad(row, "not a time of day");
      continue;
    }
    std::array<char, 8> out = {};
    write_time(*time, out.data());
    edit.replace(row, {out.data(), out.size()});
  }
}

constexpr std::array kKinds = {Kind::kTime};

constexpr std::array kExamples = {
    Example{.in = "1:05 PM", .out = "13:05:00", .kind = Kind::kTime},
    Example{.in = "12:05am", .out = "00:05:00", .kind = Kind::kTime},
    Example{.in = "8:05 a.m.", .out = "08:05:00", .kind = Kind::kTime},
    Example{.in = "9 AM", .out = "09:00:00", .kind = Kind::kTime},
    Example{.in = "13:05", .out = "13:05:00", .kind = Kind::kTime},
    Example{.in = "0905", .out = "09:05:00", .kind = Kind::kTime},
    Example{.in = "13:05:09.000", .out = "13:05:09", .kind = Kind::kTime},
    Example{.in = "13:05 PM", .out = {}, .state = CellState::kBad, .kind = Kind::kTime},
    Example{.in = "24:00", .out = {}, .state = CellState::kBad, .kind = Kind::kTime},
    Example{.in = "9:75", .out = {}, .state = CellState::kBad, .kind = Kind::kTime},
    Example{.in = "noon", .out = {}, .state = CellState::kBad, .kind = Kind::kTime},
};

}  // namespace

extern const Rule rule_time_to_iso = {
    .name = "time_to_iso",
    .summary = "Writes a time of day as HH:MM:SS of 24 hours",
    .applies_to = kKinds,
    .order = 100,
    .looks_for = kUnread,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
