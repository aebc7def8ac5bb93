#include "clean/profile.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "clean/column_profiler.h"
#include "table/batch.h"

namespace homeroom::clean {

struct Profiler::State {
  std::vector<ColumnProfiler> columns;
};

Profiler::Profiler(std::size_t num_columns) : state_(std::make_unique<State>()) {
  state_->columns.resize(num_columns);
}

Profiler::~Profiler() = default;
Profiler::Profiler(Profiler&&) noexcept = default;
Profiler& Profiler::operator=(Profiler&&) noexcept = default;

void Profiler::observe(const Batch& batch) {
  const std::size_t num_columns = std::min(batch.num_columns(), state_->columns.size());
  for (std::size_t column = 0; column < num_columns; ++column) {
    state_->columns[column].observe(batch.columns[column], batch.lines, batch.ragged);
  }
}

std::vector<ColumnProfile> Profiler::finish() const {
  std::vector<ColumnProfile> profiles;
  for (const ColumnProfiler& column : state_->columns) profiles.push_back(column.finish());
  return profiles;
}

}  // namespace homeroom::clean
