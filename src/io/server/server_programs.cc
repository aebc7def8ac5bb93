#include "io/server/server_programs.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "base/result.h"
#include "base/text.h"
#include "io/process/process.h"
#include "io/server/private_postgres.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;

constexpr int kOldestVersion = 15;
constexpr std::chrono::milliseconds kVersionTimeout{10'000};

bool has_programs(const fs::path& folder) {
  return ::access((folder / "postgres").c_str(), X_OK) == 0 &&
         ::access((folder / "initdb").c_str(), X_OK) == 0;
}

int leading_number(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// From "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"; 0 when it says something else.
int version_of(const fs::path& folder) {
  constexpr std::string_view kName = "(PostgreSQL) ";
  const auto printed = run_to_end(
      {.program = folder / "postgres", .arguments = {"--version"}, .user = {}}, kVersionTimeout);
  if (!printed) return 0;
  const std::size_t name = printed->output.find(kName);
  if (name == std::string::npos) return 0;
  return leading_number(std::string_view(printed->output).substr(name + kName.size()));
}

std::string list_versions(const std::vector<ServerPrograms>& installed) {
  std::vector<std::string> versions;
  versions.reserve(installed.size());
  for (const ServerPrograms& programs : installed) {
    versions.push_back(std::to_string(programs.version_major));
  }
  return join(versions, ", ");
}

}  // namespace

std::vector<fs::path> find_server_binaries() {
  // Debian and Ubuntu, then the packages of postgresql.org for other systems.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kPlaces = {
      {{"/usr/lib/postgresql", ""}, {"/usr", "pgsql-"}}};
  std::vector<std::pair<int, fs::path>> found;
  for (const auto& [place, prefix] : kPlaces) {
    std::error_code error;
    for (fs::directory_iterator entry(place, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (!name.starts_with(prefix)) continue;
      const int version = leading_number(std::string_view(name).substr(prefix.size()));
      const fs::path folder = entry->path() / "bin";
      if (version > 0 && has_programs(folder)) found.emplace_back(version, folder);
    }
  }
  std::ranges::sort(found, std::greater<>());
  std::vector<fs::path> folders;
  folders.reserve(found.size());
  for (const auto& [version, folder] : found) folders.push_back(folder);
  return folders;
}

Result<ServerPrograms> choose_server_programs(const std::vector<fs::path>& folders,
                                              int cluster_version) {
  std::vector<ServerPrograms> installed;
  for (const fs::path& folder : folders) {
    if (!has_programs(folder)) continue;
    const int version = version_of(folder);
    if (version > 0) installed.push_back({folder, version});
  }
  if (installed.empty()) {
    return fail(ErrorCode::kConfig, "the PostgreSQL server is not installed",
                "install it (Debian: `apt install postgresql-15`), or use another server with "
                "--db URL");
  }
  const auto fits = [cluster_version](const ServerPrograms& programs) {
    if (cluster_version == 0) return programs.version_major >= kOldestVersion;
    return programs.version_major == cluster_version;
  };
  const auto found = std::ranges::find_if(installed, fits);
  if (found != installed.end()) return *found;
  if (cluster_version == 0) {
    return fail(ErrorCode::kConfig,
                fmt::format("PostgreSQL {} is installed, {} or newer is needed",
                            list_versions(installed), kOldestVersion),
                fmt::format("install postgresql-{}", kOldestVersion));
  }
  return fail(ErrorCode::kConfig,
              fmt::format("the database was made by PostgreSQL {}, but installed is {}",
                          cluster_version, list_versions(installed)),
              fmt::format("install postgresql-{}, or bring the database to the new version with "
                          "pg_upgrade",
                          cluster_version));
}

}  // namespace homeroom::io
