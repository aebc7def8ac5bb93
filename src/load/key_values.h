#pragma once

// Keys that are known outside the staged rows.

#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "load/load.h"
#include "load/merge.h"

namespace homeroom::load {

/// Puts the keys into a table of the session that has the key's columns.
[[nodiscard]] Status insert_keys(io::Connection& connection, const TargetTable& target,
                                 const std::string& table, std::span<const KeyValues> keys);

/// Keys of rows that are to give way: a table of the session for them, then any number of them.
[[nodiscard]] Status begin_newer(io::Connection& connection, const MergeInput& input);
[[nodiscard]] Status note_newer(io::Connection& connection, const MergeInput& input,
                                std::span<const KeyValues> keys);

/// Takes out the staged rows of those keys; returns of how many lines nothing is left.
[[nodiscard]] Result<std::uint64_t> drop_older(io::Connection& connection, MergeInput& input);

}  // namespace homeroom::load
