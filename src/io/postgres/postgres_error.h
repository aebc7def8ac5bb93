#pragma once

// The server's errors in words for people, without the values that it quotes. Internal to
// src/io/postgres*.cc.

#include <string>
#include <string_view>

#include "base/result.h"

namespace homeroom::io {

/// What the server said about an error, field by field.
struct ServerMessage {
  std::string_view sqlstate;
  std::string_view primary;
  std::string_view schema;
  std::string_view table;
  std::string_view column;
  std::string_view constraint;
};

/// The primary message on one line. From the first quote to the last is "..." unless an error of
/// this SQLSTATE quotes only names. Left out is what a function raised (class P0), and what has
/// other than ASCII characters then: in a language other than English, quotes are not ".
[[nodiscard]] std::string without_values(std::string_view sqlstate, std::string_view primary);

[[nodiscard]] Error describe_error(const ServerMessage& message);

/// The connection is gone; `detail` says how.
[[nodiscard]] Error lost_connection(std::string detail);

/// "cannot reach PostgreSQL: ..." from libpq's text about a connection that was not made.
/// `password` is removed from it.
[[nodiscard]] Error describe_connect_error(std::string_view text, std::string_view password);

}  // namespace homeroom::io
