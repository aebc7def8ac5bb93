#include "clean/profile.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "clean/column_profiler.h"
#include "table/batch.h"

namespace homeroom::clean {

struct Profiler::State {
  std::vector<ColumnProfiler> columns;
  std::vector<std::size_t> observed;  ///< indices of those to look at
};

Profiler::Profiler(std::size_t num_columns, std::span<const std::size_t> columns)
    : state_(std::make_unique<State>()) {
  state_->columns.resize(num_columns);
  for (std::size_t i = 0; columns.empty() && i < num_columns; ++i) state_->observed.push_back(i);
  std::ranges::copy_if(columns, std::back_inserter(state_->observed),
                       [&](std::size_t column) { return column < num_columns; });
}

Profiler::~Profiler() = default;
Profiler::Profiler(Profiler&&) noexcept = default;
Profiler& Profiler::operator=(Profiler&&) noexcept = default;

void Profiler::observe(const Batch& batch) {
  for (const std::size_t column : state_->observed) {
    if (column >= batch.num_columns()) continue;
    state_->columns[column].observe(batch.columns[column], batch.lines, batch.ragged);
  }
}

std::vector<ColumnProfile> Profiler::finish() const {
  std::vector<ColumnProfile> profiles;
  for (const ColumnProfiler& column : state_->columns) profiles.push_back(column.finish());
  return profiles;
}

}  // namespace homeroom::clean
