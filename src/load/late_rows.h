#pragma once

// Rows that come into a table later than their run: they waited, or were corrected.

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "load/merge.h"

namespace homeroom::load {

/// Says of the rows that the staged lines have become since which version of the table they are
/// there: the newest, which this transaction makes. After the merge.
[[nodiscard]] Status mark_late(io::Connection& connection, const MergeInput& input);

}  // namespace homeroom::load
