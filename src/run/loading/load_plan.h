#pragma once

#include <string>

#include "load/load.h"
#include "table/schema.h"

namespace homeroom::run {

/// What was done to get the rows into the table, and why so, in a sentence.
[[nodiscard]] std::string plan_text(const load::LoadResult& loaded, const TableSchema& table);

}  // namespace homeroom::run
