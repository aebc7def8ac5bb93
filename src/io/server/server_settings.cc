#include "io/server/server_settings.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <sys/un.h>

#include "io/server/private_postgres.h"

namespace homeroom::io {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1024} * 1024;
constexpr std::string_view kSocketName = "/.s.PGSQL.5432";

// The owner role of the tables cannot log in, so it is not here.
constexpr std::array<std::string_view, 3> kRoles = {"homeroom_admin", "homeroom_loader",
                                                    "homeroom_reader"};

constexpr std::string_view kFixedSettings = R"(
# Reached through the socket only.
listen_addresses = ''
port = 5432
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
cluster_name = 'homeroom'
max_connections = 50

# One server, no copies: a COPY into a table made in its own transaction needs no WAL.
wal_level = minimal
max_wal_senders = 0
archive_mode = off
max_wal_size = '4GB'
checkpoint_timeout = '15min'
jit = off

# The log keeps a week. An error's text may quote a value of a row, so errors go to the program that
# made them and not into the log; so do statements, which may hold values too.
logging_collector = on
log_destination = 'stderr'
log_directory = '../log'
log_filename = 'server-%a.log'
log_file_mode = 0600
log_rotation_age = '1d'
log_rotation_size = 0
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] '
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = 'none'
log_min_duration_statement = -1
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_lock_waits = off
log_temp_files = -1
)";

std::string_view durability_settings(Durability durability) {
  if (durability == Durability::kNone) {
    return "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n";
  }
  return "fsync = on\nsynchronous_commit = on\nfull_page_writes = on\n";
}

std::uint64_t share_mib(std::uint64_t memory_bytes, unsigned part, std::uint64_t least,
                        std::uint64_t most) {
  return std::clamp(memory_bytes / part / kMiB, least, most);
}

}  // namespace

std::string server_settings(const std::filesystem::path& socket_folder, Durability durability,
                            std::uint64_t memory_bytes) {
  const std::uint64_t most_shared = durability == Durability::kNone ? 64 : 2048;
  return fmt::format(
      "# Written by Homeroom at each start of the server. Settings of your own go into\n"
      "# postgresql.conf, after its line that includes this file.\n"
      "{}\nunix_socket_directories = '\"{}\"'\n{}"
      "shared_buffers = '{}MB'\neffective_cache_size = '{}MB'\nmaintenance_work_mem = '{}MB'\n"
      "work_mem = '16MB'\n",
      kFixedSettings, socket_folder.string(), durability_settings(durability),
      share_mib(memory_bytes, 4, 64, most_shared), share_mib(memory_bytes, 2, 128, 65'536),
      share_mib(memory_bytes, 16, 64, 512));
}

std::string sign_in_rules() {
  return "local all all peer map=homeroom\n";
}

std::string user_map(const std::vector<std::string>& users) {
  std::string text;
  for (const std::string& user : users) {
    for (const std::string_view role : kRoles) {
      text += fmt::format("homeroom \"{}\" {}\n", user, role);
    }
  }
  return text;
}

bool fits_socket(const std::filesystem::path& folder) {
  const std::string& text = folder.native();
  constexpr std::size_t kMostBytes = sizeof(sockaddr_un::sun_path) - 1;
  if (text.size() + kSocketName.size() > kMostBytes) return false;
  // A comma would be two hosts to libpq; quotes and control characters end a setting.
  return std::ranges::all_of(text, [](char character) {
    return static_cast<unsigned char>(character) >= ' ' &&
           std::string_view(",\"'\\\x7f").find(character) == std::string_view::npos;
  });
}

}  // namespace homeroom::io
