#pragma once

// What an earlier file of the same kind says where a file's own bytes say too little.

#include <string_view>

#include "sniff/sniff.h"
#include "table/dialect.h"

namespace homeroom::sniff {

/// The reason of a verdict that nobody had to guess.
inline constexpr std::string_view kGiven = "given";

/// What `former` says of each verdict that `dialect` is not sure of; nothing set: all are sure.
[[nodiscard]] Overrides said_by_former(const Dialect& dialect, const Dialect& former);

/// Says in the verdicts of `dialect` which of them are as they were before, and not as `alone`.
void explain_former(const Dialect& alone, Dialect& dialect);

}  // namespace homeroom::sniff
