#pragma once

// Staged rows of days on which a school has no school.

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "load/merge.h"
#include "table/batch.h"

namespace homeroom::load {

/// Lines whose day lies within a school year that data.calendar has for their school, and is no
/// instructional day there: the calendar says so or leaves it out. In order.
[[nodiscard]] Result<std::vector<LineNumber>> find_days_off(io::Connection& connection,
                                                            const MergeInput& input,
                                                            const std::string& school_column,
                                                            const std::string& date_column);

/// Takes the lines out of the staged rows; returns how many of them were there.
[[nodiscard]] Result<std::uint64_t> drop_lines(io::Connection& connection, MergeInput& input,
                                               std::span<const LineNumber> lines);

}  // namespace homeroom::load
