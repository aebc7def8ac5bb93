#pragma once

// When files came, and on which days there is school.

#include <cstdint>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "io/postgres/postgres.h"

namespace homeroom::catalog {

/// The newest file of a data set that a source has given.
struct Feed {
  std::string source;
  std::string dataset;
  std::string path;
  std::string loaded_at;            ///< ISO time
  std::int64_t loaded_seconds = 0;  ///< since 1970, UTC
};

[[nodiscard]] Result<std::vector<Feed>> find_feeds(io::Connection& connection);

/// Days from `first` to `last` on which some school has school: those of data.calendar where it
/// covers the last day, else Mondays to Fridays. Ascending.
[[nodiscard]] Result<std::vector<DayNumber>> find_school_days(io::Connection& connection,
                                                              DayNumber first, DayNumber last);

}  // namespace homeroom::catalog
