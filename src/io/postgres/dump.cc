#include "io/postgres/dump.h"

#include <cerrno>
#include <chrono>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <unistd.h>

#include "base/text.h"
#include "io/file.h"
#include "io/process/process.h"
#include "io/server/private_postgres.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;

// A large district's database takes minutes; a day is a hang.
constexpr std::chrono::hours kLongest{24};

/// What a program is told of a database: the password by its environment, where nobody sees it.
struct Address {
  std::string text;
  std::vector<std::string> environment;
};

std::string quoted(std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

Result<Address> address_of(const std::string& url) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(url.c_str(), nullptr), &PQconninfoFree);
  if (options == nullptr) {
    return fail(ErrorCode::kConfig, "the database address cannot be read",
                "give it as postgresql://USER@HOST/DATABASE");
  }
  Address address;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string_view name = option->keyword;
    if (name == "password") {
      address.environment.push_back(fmt::format("PGPASSWORD={}", option->val));
    } else {
      address.text += fmt::format("{}={} ", name, quoted(option->val));
    }
  }
  return address;
}

Result<fs::path> find_program(std::string_view name) {
  std::vector<fs::path> folders = find_server_binaries();
  folders.emplace_back("/usr/bin");
  for (const fs::path& folder : folders) {
    fs::path program = folder / name;
    if (::access(program.c_str(), X_OK) == 0) return program;
  }
  return fail(ErrorCode::kConfig, fmt::format("{} is not installed", name),
              "install PostgreSQL's programs: apt-get install postgresql-client");
}

// The last line that says something: both programs end with what went wrong.
std::string last_line(std::string_view output) {
  std::string last;
  for (const std::string_view line : split(output, '\n')) {
    if (!trim(line).empty()) last = trim(line);
  }
  return last;
}

Status run_program(std::string_view name, const std::string& url, const std::string& role,
                   std::vector<std::string> arguments) {
  const fs::path program = HOMEROOM_TRY(find_program(name));
  Address address = HOMEROOM_TRY(address_of(url));
  arguments.push_back("--dbname=" + address.text);
  if (!role.empty()) arguments.push_back("--role=" + role);
  const Finished finished = HOMEROOM_TRY(run_to_end({.program = program,
                                                     .arguments = std::move(arguments),
                                                     .environment = std::move(address.environment)},
                                                    kLongest));
  if (finished.exit_code == 0) return {};
  return fail(ErrorCode::kDatabase,
              fmt::format("{} did not finish: {}", name, last_line(finished.output)),
              "the database and what was there before are as they were; mend the cause and try "
              "again");
}

// The programs run in a folder of their own.
Result<std::string> absolute_path(const fs::path& file) {
  std::error_code code;
  const fs::path path = fs::absolute(file, code);
  if (code) return tl::unexpected(io_error(code.value(), "cannot find", file));
  return path.string();
}

Status sync_file(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  const bool is_synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!is_synced) return tl::unexpected(io_error(error, "cannot write", file));
  return {};
}

}  // namespace

Status dump_database(const std::string& url, const std::string& role, const fs::path& file) {
  const std::string path = HOMEROOM_TRY(absolute_path(file));
  HOMEROOM_TRY(run_program(
      "pg_dump", url, role,
      {"--format=custom", "--no-password", "--lock-wait-timeout=60s", "--file=" + path}));
  return sync_file(file);
}

Status restore_database(const std::string& url, const std::string& role, const fs::path& file) {
  const std::string path = HOMEROOM_TRY(absolute_path(file));
  return run_program("pg_restore", url, role,
                     {"--exit-on-error", "--single-transaction", "--no-password", path});
}

}  // namespace homeroom::io
