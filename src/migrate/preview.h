#pragma once

// What stands in a change's way, and how much it would touch.

#include <string>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "migrate/waiting.h"
#include "table/schema.h"

namespace homeroom::migrate {

/// SQL that is true where a value of `column` can be written as `to` and its text stays the same;
/// null where there is no value. "false" for types that no value can be tried for.
[[nodiscard]] std::string fits_sql(const std::string& column, SqlType from, SqlType to);

}  // namespace homeroom::migrate
