#pragma once

// Who may see a table's rows: access.protect_table() of sql/migrations, called in the transaction
// that makes or changes the table.

#include <string>

#include "base/result.h"
#include "io/postgres/postgres.h"

namespace homeroom::migrate {

/// Takes policies and views off the columns of the table before a change that they would be in the
/// way of. Nobody but the owner sees a row of it until `protect_table`. As homeroom_owner.
[[nodiscard]] Status release_table(io::Connection& connection, const std::string& table);

/// Puts policies, views and the indexes of scopes on data.<table> and history.<table>, by the
/// columns that they have; nothing when there is no such table. As homeroom_owner.
[[nodiscard]] Status protect_table(io::Connection& connection, const std::string& table);

}  // namespace homeroom::migrate
