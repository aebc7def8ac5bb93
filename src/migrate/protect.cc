#include "migrate/protect.h"

#include <array>

namespace homeroom::migrate {

Status release_table(io::Connection& connection, const std::string& table) {
  const std::array<io::Parameter, 1> values = {table};
  HOMEROOM_TRY(connection.query("select access.release_table($1)", values));
  return {};
}

Status protect_table(io::Connection& connection, const std::string& table) {
  const std::array<io::Parameter, 1> values = {table};
  HOMEROOM_TRY(connection.query("select access.protect_table($1)", values));
  return {};
}

}  // namespace homeroom::migrate
