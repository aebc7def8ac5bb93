#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "io/store.h"
#include "migrate/renames.h"
#include "run/cleaning/clean_output.h"

namespace homeroom::run {

/// Some hundreds of the different values of each of `columns`, from the first rows of the clean
/// objects. Errors: those of reading them. Memory: the values.
[[nodiscard]] Result<std::vector<migrate::ColumnSample>> sample_values(
    const io::Store& store, const std::vector<CleanObject>& objects,
    const std::vector<std::string>& columns);

}  // namespace homeroom::run
