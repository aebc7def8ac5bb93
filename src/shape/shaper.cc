#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <xxhash.h>

#include "base/date.h"
#include "shape/more_columns.h"
#include "shape/parts.h"
#include "shape/shape.h"

namespace homeroom::shape {
namespace {

using From = ColumnOrigin::From;

constexpr Cell kNullCell{.data = "", .size = 0, .state = CellState::kNull};
constexpr std::size_t kMadeIdBytes = 18;  // "h-" and 16 hex digits

bool is_given(const Cell& cell) {
  return cell.state != CellState::kNull;
}

Cell text_cell(std::string_view text) {
  return text.empty() ? kNullCell : value_cell(text);
}

// What is shaped now: the batch, and which of its rows the row of the table is made from.
struct Place {
  Batch* batch = nullptr;
  RowIndex row = 0;
  const UnpivotGroup* group = nullptr;  ///< null: the file is not wide, or the row has no scores

  [[nodiscard]] const Cell& cell(std::size_t column) const { return batch->columns[column][row]; }
};

Cell first_of(const ColumnOrigin& origin, const Place& place) {
  for (const std::size_t source : origin.sources) {
    if (is_given(place.cell(source))) return place.cell(source);
  }
  return text_cell(origin.text);
}

// The school year of one date; nothing when the cell tells none. A date that could not be read
// makes a school year that could not be, so that only the date is reported.
std::optional<Cell> school_year_of_cell(const Cell& cell, Arena& arena) {
  if (cell.state == CellState::kBad) return cell;
  if (!cell.has_value()) return std::nullopt;
  const auto date = parse_iso_date(cell.text());
  if (!date) return std::nullopt;
  const fmt::format_int digits(school_year_of(*date));
  return value_cell(arena.copy({digits.data(), digits.size()}));
}

Cell school_year(const ColumnOrigin& origin, const Place& place) {
  if (place.group != nullptr && origin.source > 0) {
    const int source = place.group->measure_sources[origin.source - 1];
    if (source >= 0) {
      const Cell& cell = place.cell(static_cast<std::size_t>(source));
      if (const auto year = school_year_of_cell(cell, place.batch->arena)) return *year;
    }
  }
  for (const std::size_t source : origin.sources) {
    const auto year = school_year_of_cell(place.cell(source), place.batch->arena);
    if (year) return *year;
  }
  return text_cell(origin.text);
}

// The same values make the same id, on every machine.
Cell made_id(const ColumnOrigin& origin, const Place& place) {
  std::string values;
  bool has_value = false;
  for (const std::size_t source : origin.sources) {
    const Cell& cell = place.cell(source);
    has_value = has_value || is_given(cell);
    values.append(cell.text());
    values.push_back('\x1f');
  }
  if (!has_value) return kNullCell;
  char* const id = place.batch->arena.allocate(kMadeIdBytes);
  fmt::format_to(id, "h-{:016x}", XXH3_64bits(values.data(), values.size()));
  return value_cell({id, kMadeIdBytes});
}

Cell dimension(const ColumnOrigin& origin, const Place& place) {
  if (place.group != nullptr) {
    const std::string& code = place.group->dimension_codes[origin.source];
    if (!code.empty()) return value_cell(code);
  }
  return first_of(origin, place);
}

Cell measure(const ColumnOrigin& origin, const Place& place) {
  if (place.group != nullptr) {
    const int source = place.group->measure_sources[origin.source];
    if (source >= 0) return place.cell(static_cast<std::size_t>(source));
  }
  return first_of(origin, place);
}

Cell part_of(const ColumnOrigin& origin, const Place& place) {
  const Cell& whole = place.cell(origin.source);
  if (!whole.has_value()) return kNullCell;
  const Parts parts =
      contract::is_of_mark(origin.part) ? mark_parts(whole.text()) : name_parts(whole.text());
  return text_cell(parts[origin.part]);
}

bool has_scores(const UnpivotGroup& group, const Batch& batch, RowIndex row) {
  return std::ranges::any_of(group.measure_sources, [&](int source) {
    return source >= 0 && is_given(batch.columns[static_cast<std::size_t>(source)][row]);
  });
}

Cell make_cell(const ColumnOrigin& origin, const MoreColumns* more, const Place& place) {
  switch (origin.from) {
    case From::kSource:
      return place.cell(origin.source);
    case From::kConstant:
      return text_cell(origin.text);
    case From::kFirstOf:
      return first_of(origin, place);
    case From::kDimension:
      return dimension(origin, place);
    case From::kMeasure:
      return measure(origin, place);
    case From::kSchoolYear:
      return school_year(origin, place);
    case From::kMadeId:
      return made_id(origin, place);
    case From::kPart:
      return part_of(origin, place);
    case From::kMore:
      return more == nullptr ? kNullCell : more->write(*place.batch, place.row);
    case From::kNull:
      break;
  }
  return kNullCell;
}

}  // namespace

Shaper::Shaper(const ShapePlan& plan) : plan_(&plan) {
  for (const ColumnOrigin& origin : plan.origins) {
    if (origin.from != From::kMore) continue;
    more_ = std::make_unique<const MoreColumns>(origin.sources, plan.headers);
  }
}

Shaper::Shaper(Shaper&&) noexcept = default;
Shaper& Shaper::operator=(Shaper&&) noexcept = default;
Shaper::~Shaper() = default;

void Shaper::shape(Batch& batch, ShapedBatch& out) const {
  out.source_rows.clear();
  out.columns.assign(plan_->origins.size(), nullptr);
  out.made.resize(plan_->origins.size());
  for (auto& made : out.made) made.clear();
  if (plan_->groups.empty()) {
    shape_rows(batch, out);
  } else {
    shape_groups(batch, out);
  }
}

void Shaper::shape_rows(Batch& batch, ShapedBatch& out) const {
  out.num_rows = batch.num_rows();
  for (std::size_t i = 0; i < plan_->origins.size(); ++i) {
    const ColumnOrigin& origin = plan_->origins[i];
    if (origin.from == From::kSource) {
      out.columns[i] = &batch.columns[origin.source];
      continue;
    }
    out.made[i].reserve(out.num_rows);
    for (RowIndex row = 0; row < out.num_rows; ++row) {
      out.made[i].push_back(make_cell(origin, more_.get(), {.batch = &batch, .row = row}));
    }
    out.columns[i] = &out.made[i];
  }
}

void Shaper::shape_groups(Batch& batch, ShapedBatch& out) const {
  const auto add_row = [&](const Place& place) {
    for (std::size_t i = 0; i < plan_->origins.size(); ++i) {
      out.made[i].push_back(make_cell(plan_->origins[i], more_.get(), place));
    }
    out.source_rows.push_back(place.row);
  };
  for (RowIndex row = 0; row < batch.num_rows(); ++row) {
    bool has_row = false;
    for (const UnpivotGroup& group : plan_->groups) {
      if (!has_scores(group, batch, row)) continue;
      has_row = true;
      add_row({.batch = &batch, .row = row, .group = &group});
    }
    if (!has_row) add_row({.batch = &batch, .row = row});
  }
  for (std::size_t i = 0; i < plan_->origins.size(); ++i) out.columns[i] = &out.made[i];
  out.num_rows = static_cast<RowIndex>(out.source_rows.size());
}

}  // namespace homeroom::shape
