#pragma once

// What the program knows of its surroundings: environment, terminal, clock. Read here once, so
// that nothing below has to.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/result.h"
#include "io/s3/s3_client.h"
#include "run/report.h"

namespace homeroom::cli {

inline constexpr std::string_view kVersion = HOMEROOM_VERSION;

enum class ColorMode : std::uint8_t { kAuto, kAlways, kNever };

/// Flags every command has, over HOMEROOM_*, over defaults.
struct Context {
  std::string data_folder;       ///< --data, HOMEROOM_DATA
  std::string database_url;      ///< --db, HOMEROOM_DB; empty: the private PostgreSQL
  std::string contracts_folder;  ///< --contracts, HOMEROOM_CONTRACTS
  std::string user;              ///< who decides: SUDO_USER, USER, LOGNAME
  bool is_json = false;
  bool show_values = false;
  bool is_quiet = false;
  bool is_verbose = false;
  bool explains_loads = false;  ///< --explain: how rows got into the tables
  ColorMode color = ColorMode::kAuto;

  [[nodiscard]] std::filesystem::path data() const { return data_folder; }
};

/// A variable of the environment; empty when it is not set. Before there are threads.
[[nodiscard]] std::string environment(const char* name);

/// The context before any flag: what the environment says, else the defaults.
/// Default data folder: /var/lib/homeroom as root, else XDG_DATA_HOME/homeroom or
/// ~/.local/share/homeroom.
[[nodiscard]] Context context_from_environment();

/// How S3 is reached, where the environment says more than AWS's own variables do: HOMEROOM_S3_SSE
/// ("AES256", "aws:kms"), HOMEROOM_S3_KMS_KEY, HOMEROOM_S3_TIMEOUT (seconds of silence).
[[nodiscard]] io::S3Options s3_from_environment();

/// Seconds that only ever grow.
[[nodiscard]] double steady_seconds();

/// "2025-11-03T08:15:00.250000Z", now: such texts sort as the times they name.
[[nodiscard]] std::string time_now();

/// The day it is, of UTC.
[[nodiscard]] DayNumber today();

/// A folder for temporary files that is there.
[[nodiscard]] std::filesystem::path temporary_folder();

/// "0.4 s", "37 s", "5 min".
[[nodiscard]] std::string printable_duration(double seconds);

}  // namespace homeroom::cli
