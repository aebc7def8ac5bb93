#pragma once

// What is odd about the names in a file's header.

#include <span>
#include <string>

#include "clean/profile.h"
#include "run/report.h"
#include "table/dialect.h"

namespace homeroom::run {

/// Warns of columns that have the name of another one before them, and of columns with values that
/// have no name. Names are not repeated in messages: the header may be a row of values.
void report_header_names(std::span<const std::string> header,
                         std::span<const clean::ColumnProfile> profiles, const Dialect& dialect,
                         FileReport& report);

}  // namespace homeroom::run
