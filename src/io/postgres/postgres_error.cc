#include "io/postgres/postgres_error.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/result.h"
#include "base/text.h"

namespace homeroom::io {
namespace {

/// What an SQLSTATE, or a class of them (its first two characters), means to a reader. The first
/// that fits holds. See "PostgreSQL Error Codes", Appendix A of its manual.
struct Meaning {
  std::string_view prefix;
  std::string_view message;
  std::string_view hint;
};

constexpr std::string_view kAgain = "run the command again: what was loaded is not loaded twice";

constexpr std::array kMeanings = {
    Meaning{"22", "PostgreSQL refused a value", "see the detail for the rule"},
    Meaning{"23", "PostgreSQL refused a row that breaks a constraint",
            "see the detail for the constraint"},
    Meaning{"25P02", "PostgreSQL goes on only after a rollback",
            "an earlier statement of the transaction failed; see its error"},
    Meaning{"25P03", "PostgreSQL ended a transaction that was idle for too long", kAgain},
    Meaning{"28", "PostgreSQL refused the sign-in", "check user and password of the address"},
    Meaning{"3D", "PostgreSQL has no such database", "check the name, or create it (`createdb`)"},
    Meaning{"40", "PostgreSQL ended the statement because another one was in its way", kAgain},
    Meaning{"42501", "PostgreSQL refused the statement: this role lacks the right to it",
            "grant the right, or use a role that has it"},
    Meaning{"42601", "PostgreSQL does not understand the statement", "check its spelling"},
    Meaning{"42P01", "PostgreSQL has no such table", "check its name and schema"},
    Meaning{"42703", "PostgreSQL has no such column", "check its name"},
    Meaning{"53100", "the database's disk is full",
            "free some space there (see `df -h`), then run the command again"},
    Meaning{"53200", "PostgreSQL ran out of memory",
            "close other programs that use it, then run the command again"},
    Meaning{"53300", "PostgreSQL has too many connections",
            "close other programs that use it, or raise max_connections"},
    Meaning{"55P03", "PostgreSQL waited too long for a lock that another program holds", kAgain},
    Meaning{"57014", "PostgreSQL stopped the statement: it took too long or was cancelled",
            "see whether the server is overloaded or another program holds a lock, then try again"},
    Meaning{"57P", "PostgreSQL is starting or stopping, or ended this session", kAgain},
    Meaning{"08", "the connection to PostgreSQL was lost", kAgain},
    Meaning{"58", "PostgreSQL cannot read or write its files", "see the server's log and its disk"},
    Meaning{"XX", "PostgreSQL reports a fault of its own", "see the server's log"},
};

constexpr Meaning kRefused = {"", "PostgreSQL refused the statement", "see the detail"};

/// Classes whose messages quote names of things, files or words of the statement, not data.
constexpr std::array<std::string_view, 14> kQuotesNames = {
    "08", "0A", "25", "28", "2B", "3B", "3D", "3F", "40", "42", "53", "55", "57", "58"};

bool quotes_names(std::string_view sqlstate) {
  return std::ranges::find(kQuotesNames, sqlstate.substr(0, 2)) != kQuotesNames.end();
}

std::string on_one_line(std::string_view text) {
  std::string line;
  for (const char character : trim(text)) {
    const bool is_blank = character == '\n' || character == '\r' || character == '\t';
    if (is_blank && line.ends_with(' ')) continue;
    line += is_blank ? ' ' : character;
  }
  return line;
}

std::string names_of(const ServerMessage& message) {
  std::string names;
  const auto add = [&names](std::string_view kind, std::string_view name) {
    if (!name.empty()) names += fmt::format("{}{} {}", names.empty() ? "" : ", ", kind, name);
  };
  add("constraint", message.constraint);
  add("column", message.column);
  const std::string table = message.schema.empty()
                                ? std::string(message.table)
                                : fmt::format("{}.{}", message.schema, message.table);
  add("table", message.table.empty() ? std::string_view() : table);
  return names;
}

std::string without(std::string text, std::string_view secret) {
  constexpr std::string_view kMask = "***";
  if (secret.empty()) return text;
  for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos; at += kMask.size()) {
    text.replace(at, secret.size(), kMask);
  }
  return text;
}

/// What to check, by a piece of libpq's or the server's text.
constexpr std::array<std::pair<std::string_view, std::string_view>, 18> kConnectHints = {{
    {"could not write", "the server's disk may be full: free some space there (see `df -h`)"},
    {"password", "check user and password of the database address"},
    {"authentication", "check the user of the database address and the server's pg_hba.conf"},
    {"no pg_hba.conf entry", "let this machine in, in the server's pg_hba.conf"},
    {"role \"", "check the user of the database address"},
    {"database \"", "check the database's name, or create it (`createdb`)"},
    {"Connection refused", "start the server, or check host and port of the database address"},
    {"No such file", "start the server, or check host and port of the database address"},
    {"Permission denied", "run the command as the user whose data it is, or as root"},
    {"translate host name", "check the host's name in the database address"},
    {"timed out", "check host and port of the database address, and the network"},
    {"too many clients", "close other programs that use the server, or raise max_connections"},
    {"connection slots", "close other programs that use the server, or raise max_connections"},
    {"in recovery mode", "the server comes back after a crash; try again in a minute"},
    {"starting up", "the server is starting; try again in a minute"},
    {"shutting down", "the server is stopping; start it, then try again"},
    {"certificate", "check sslmode and sslrootcert of the database address"},
    {"SSL", "check sslmode of the database address"},
}};

}  // namespace

std::string without_values(std::string_view sqlstate, std::string_view primary) {
  constexpr std::string_view kLeftOut = "(the server's message is left out, it may hold a value)";
  // Class P0 is what functions of the database raise, in words of their own.
  if (sqlstate.starts_with("P0")) return std::string(kLeftOut);
  std::string line = on_one_line(primary);
  if (quotes_names(sqlstate)) return line;
  const std::size_t first = line.find('"');
  const std::size_t last = line.rfind('"');
  if (first != std::string::npos) line.replace(first, last - first + 1, "\"...\"");
  // 22021 shows the bytes of a value: 'invalid byte sequence for encoding "UTF8": 0xe9'.
  const std::size_t bytes = line.find("0x");
  if (bytes != std::string::npos) line.replace(bytes, std::string::npos, "0x...");
  const bool is_english = std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; });
  return is_english ? line : std::string(kLeftOut);
}

Error describe_error(const ServerMessage& message) {
  const auto found = std::ranges::find_if(kMeanings, [&message](const Meaning& meaning) {
    return message.sqlstate.starts_with(meaning.prefix);
  });
  const Meaning& meaning = found == kMeanings.end() ? kRefused : *found;
  std::string detail =
      fmt::format("{}: {}", message.sqlstate, without_values(message.sqlstate, message.primary));
  const std::string names = names_of(message);
  if (!names.empty()) detail += fmt::format(" ({})", names);
  return Error{ErrorCode::kDatabase,
               std::string(meaning.message),
               std::string(meaning.hint),
               std::move(detail),
               {}};
}

Error lost_connection(std::string detail) {
  return Error{ErrorCode::kDatabase,
               "the connection to PostgreSQL was lost",
               fmt::format("see that the server runs, then {}", kAgain),
               std::move(detail),
               {}};
}

Error describe_connect_error(std::string_view text, std::string_view password) {
  const std::string line = without(on_one_line(text), password);
  // 'connection to server at "db", port 5432 failed: FATAL:  role "x" does not exist', once for
  // each address that was tried: the last one counts.
  constexpr std::string_view kFailed = "failed: ";
  constexpr std::string_view kFatal = "FATAL: ";
  std::string_view reason = line;
  const std::size_t failed = reason.rfind(kFailed);
  if (failed != std::string_view::npos) reason.remove_prefix(failed + kFailed.size());
  if (reason.starts_with(kFatal)) reason.remove_prefix(kFatal.size());
  reason = reason.substr(0, reason.find(" Is the server running"));
  const auto found = std::ranges::find_if(kConnectHints, [reason](const auto& hint) {
    return reason.find(hint.first) != std::string_view::npos;
  });
  const std::string_view hint = found != kConnectHints.end()
                                    ? found->second
                                    : "check host, port, database and user of the database address";
  return Error{ErrorCode::kDatabase,
               fmt::format("cannot reach PostgreSQL: {}", trim(reason)),
               std::string(hint),
               line,
               {}};
}

}  // namespace homeroom::io
