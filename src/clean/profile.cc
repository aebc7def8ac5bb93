#include "clean/profile.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <memory>
#include <vector>

#include "clean/column_profiler.h"
#include "table/batch.h"

namespace homeroom::clean {

namespace {

// All columns together remember about this many texts; each at least and at most so many.
constexpr std::size_t kAllSlots = 16384;
constexpr std::size_t kFewestSlots = 16;
constexpr std::size_t kMostSlots = 2048;

}  // namespace

struct Profiler::State {
  std::vector<ColumnProfiler> columns;
};

Profiler::Profiler(std::size_t num_columns) : state_(std::make_unique<State>()) {
  const std::size_t share = kAllSlots / std::max<std::size_t>(num_columns, 1);
  const std::size_t num_slots = std::bit_floor(std::clamp(share, kFewestSlots, kMostSlots));
  state_->columns.assign(num_columns, ColumnProfiler(num_slots));
}

Profiler::~Profiler() = default;
Profiler::Profiler(Profiler&&) noexcept = default;
Profiler& Profiler::operator=(Profiler&&) noexcept = default;

void Profiler::observe(const Batch& batch, std::span<const OpenRows> open) {
  const OpenRows all;
  const std::size_t num_columns = std::min(batch.num_columns(), state_->columns.size());
  for (std::size_t column = 0; column < num_columns; ++column) {
    state_->columns[column].observe(batch.columns[column], batch.lines, batch.ragged,
                                    column < open.size() ? open[column] : all);
  }
}

void Profiler::keep_to(std::span<const Wanted> wanted) {
  for (std::size_t i = 0; i < std::min(wanted.size(), state_->columns.size()); ++i) {
    state_->columns[i].keep_to(wanted[i]);
  }
}

std::vector<ColumnProfile> Profiler::finish() const {
  std::vector<ColumnProfile> profiles;
  for (const ColumnProfiler& column : state_->columns) profiles.push_back(column.finish());
  return profiles;
}

}  // namespace homeroom::clean
