#include "context.h"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <string>
#include <system_error>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

namespace homeroom::cli {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
  return value == nullptr ? std::string() : std::string(value);
}

namespace {

std::string default_data_folder() {
  if (geteuid() == 0) return "/var/lib/homeroom";
  const std::string data_home = environment("XDG_DATA_HOME");
  if (!data_home.empty()) return (fs::path(data_home) / "homeroom").string();
  return (fs::path(environment("HOME")) / ".local/share/homeroom").string();
}

}  // namespace

io::S3Options s3_from_environment() {
  io::S3Options options;
  options.encryption = environment("HOMEROOM_S3_SSE");
  options.kms_key = environment("HOMEROOM_S3_KMS_KEY");
  const std::string seconds = environment("HOMEROOM_S3_TIMEOUT");
  long said = 0;
  std::from_chars(seconds.data(), seconds.data() + seconds.size(), said);
  if (said > 0) options.patience = std::chrono::seconds(said);
  return options;
}

Context context_from_environment() {
  Context context;
  context.data_folder = environment("HOMEROOM_DATA");
  if (context.data_folder.empty()) context.data_folder = default_data_folder();
  context.database_url = environment("HOMEROOM_DB");
  context.contracts_folder = environment("HOMEROOM_CONTRACTS");
  context.user = environment("SUDO_USER");
  for (const char* name : {"USER", "LOGNAME"}) {
    if (context.user.empty()) context.user = environment(name);
  }
  if (context.user.empty()) context.user = fmt::format("user {}", geteuid());
  if (!environment("NO_COLOR").empty()) context.color = ColorMode::kNever;
  if (!environment("CLICOLOR_FORCE").empty()) context.color = ColorMode::kAlways;
  return context;
}

std::string time_now() {
  const auto now = std::chrono::system_clock::now();
  const auto micros =
      std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(now)), micros % 1'000'000);
}

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

DayNumber today() {
  const auto days =
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now().time_since_epoch());
  return static_cast<DayNumber>(days.count());
}

fs::path temporary_folder() {
  std::error_code code;
  const fs::path folder = fs::temp_directory_path(code);
  return code ? fs::path("/tmp") : folder;
}

std::string printable_duration(double seconds) {
  if (seconds < 10) return fmt::format("{:.1f} s", seconds);
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  return fmt::format("{:.0f} min", seconds / 60);
}

}  // namespace homeroom::cli
