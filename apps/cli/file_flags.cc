#include "file_flags.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "base/embedded_file.h"
#include "contract/match.h"
#include "contract/named_files.h"

namespace homeroom::cli {
namespace {

constexpr int kMostThreads = 256;
// Reading is never the slow part with more.
constexpr unsigned kUsualThreads = 4;

// Reading all contracts takes longer than sniffing a file.
bool are_files_named_in_shipped() {
  return std::ranges::any_of(contract::shipped_contracts(), [](const EmbeddedFile& file) {
    return file.text.find("homeroom.files") != std::string_view::npos;
  });
}

validate::HashSecret random_secret() {
  std::random_device random;
  validate::HashSecret secret;
  for (std::uint64_t& word : secret.words) {
    word = (std::uint64_t{random()} << 32U) | std::uint64_t{random()};
  }
  return secret;
}

Result<char> one_character(const std::string& text, std::string_view flag) {
  if (text.empty()) return '\1';
  if (text == "none") return '\0';
  if (text.size() == 1) return text[0];
  return fail(ErrorCode::kConfig, fmt::format("{} takes one character or none", flag));
}

}  // namespace

FileFlags::FileFlags()
    : num_threads(
          static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, kUsualThreads))) {}

void FileFlags::add_dialect_flags(CLI::App& app) {
  const std::string group = "How the file is written (guessed when not said)";
  app.add_option("--delimiter", delimiter, "Between fields: a text, or tab, comma, semicolon, pipe")
      ->group(group);
  app.add_option("--quote", quote, "Around fields: a character, or none")->group(group);
  app.add_option("--escape", escape, "Before a quote inside a field: a character, or none")
      ->group(group);
  app.add_option("--encoding", encoding, "Of the bytes: utf-8, windows-1252, ...")->group(group);
  app.add_option("--preamble-lines", preamble_lines, "Lines above the header")
      ->group(group)
      ->check(CLI::NonNegativeNumber);
  app.add_option("--header-lines", header_lines, "Lines of the header; 0: there is none")
      ->group(group)
      ->check(CLI::NonNegativeNumber);
  app.add_option("--units-lines", units_lines, "Lines below the header that say units")
      ->group(group)
      ->check(CLI::NonNegativeNumber);
}

void FileFlags::add_limit_flags(CLI::App& app) {
  const std::string group = "Limits, each past it a clear error";
  const auto add_size = [&](const char* name, std::size_t& value, const char* description) {
    app.add_option(name, value, description)
        ->group(group)
        ->capture_default_str()
        ->transform(CLI::AsSizeValue(false));
  };
  add_size("--max-field-bytes", limits.max_field_bytes, "Of one value (64MB, 1GB, ...)");
  add_size("--max-row-bytes", limits.max_record_bytes,
           "Of one row, line breaks in quotes included");
  app.add_option("--max-columns", limits.max_columns, "Of one row")
      ->group(group)
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--max-ratio", decompress_limits.max_ratio,
                 "Bytes that come out of a compressed file for each one in it")
      ->group(group)
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
}

void FileFlags::add_to(CLI::App& app, Context& context) {
  app.add_option("PATH", paths, "Files and folders")->required();
  app.add_option("--dataset", dataset, "Take the files for this data set");
  app.add_option("--profile", profile,
                 "System the files are of: powerschool, ...; none; else by their headers");
  app.add_option("--school-year", school_year, "Year the school year ends in, where no date tells")
      ->check(CLI::Range(1900, 2200));
  app.add_flag("--no-unique", no_unique, "Do not look for repeated keys within a file");
  app.add_option("--threads", num_threads, "Threads that read a file side by side")
      ->capture_default_str()
      ->check(CLI::Range(1, kMostThreads));
  app.add_option("--html", html, "Write the reports as one page to read, into this file");
  add_contracts_flag(app, context);
  add_dialect_flags(app);
  add_limit_flags(app);
}

void FileFlags::add_changes_flag(CLI::App& app) {
  app.add_flag("--changes", keeps_changes,
               "Write every single change: changes/DATASET/NAME.csv, with line, column, rule");
}

std::string FileFlags::as_text() const {
  std::string text;
  if (!dataset.empty()) text += " dataset=" + dataset;
  if (profile == "none") text += " profile=none";  // another is part of what each file is read with
  if (school_year > 0) text += fmt::format(" school_year={}", school_year);
  if (no_unique) text += " unique=no";
  return text;
}

Result<sniff::Overrides> FileFlags::overrides() const {
  sniff::Overrides overrides;
  overrides.delimiter = contract::delimiter_from_word(delimiter);
  overrides.quote = HOMEROOM_TRY(one_character(quote, "--quote"));
  overrides.escape = HOMEROOM_TRY(one_character(escape, "--escape"));
  overrides.encoding = encoding;
  overrides.preamble_lines = preamble_lines;
  overrides.header_lines = header_lines;
  overrides.units_lines = units_lines;
  return overrides;
}

Result<sniff::Overrides> FileFlags::overrides_for(const Context& context,
                                                  const std::string& path) const {
  sniff::Overrides said = HOMEROOM_TRY(overrides());
  if (context.contracts_folder.empty() && !are_files_named_in_shipped()) return said;
  const contract::ContractSet contracts =
      HOMEROOM_TRY(contract::ContractSet::load(context.contracts_folder));
  const std::string folder =
      std::filesystem::absolute(path).lexically_normal().parent_path().filename().string();
  const contract::KnownFile known =
      HOMEROOM_TRY(contract::find_by_name(contracts, contract::split_file_name(path, folder)));
  if (known.files != nullptr) said.fill_from(known.files->given);
  return said;
}

parse::Limits FileFlags::reading_limits() const {
  parse::Limits wide = limits;
  // A row has room for its longest value.
  wide.max_record_bytes = std::max(wide.max_record_bytes, wide.max_field_bytes);
  return wide;
}

Result<run::Settings> FileFlags::settings(contract::ProfiledContracts& contracts) const {
  run::Settings settings;
  settings.contracts = &contracts.plain();
  settings.profiles = &contracts;
  if (!profile.empty() && profile != "none") HOMEROOM_TRY(contracts.find(profile));
  settings.profile = profile;
  settings.engine_version = kVersion;
  settings.overrides = HOMEROOM_TRY(overrides());
  settings.dataset = dataset;
  if (school_year > 0) settings.school_year = school_year;
  settings.check_keys = !no_unique;
  settings.hash_secret = random_secret();
  settings.is_read_afresh = is_read_afresh;
  settings.keeps_changes = keeps_changes;
  settings.limits = reading_limits();
  settings.decompress_limits = decompress_limits;
  settings.limits.num_threads = static_cast<std::size_t>(num_threads);
  settings.reading = as_text();
  settings.scratch = temporary_folder();
  settings.today = to_civil_date(today());
  return settings;
}

void add_json_flag(CLI::App& app, Context& context) {
  app.add_flag("--json", context.is_json, "One JSON document on stdout");
}

void add_data_flags(CLI::App& app, Context& context) {
  app.add_option("--data", context.data_folder, "Homeroom's data folder (HOMEROOM_DATA)")
      ->capture_default_str();
  app.add_option("--db", context.database_url,
                 "A PostgreSQL 15 or newer to use instead of the private one (HOMEROOM_DB)");
}

void add_contracts_flag(CLI::App& app, Context& context) {
  app.add_option("--contracts", context.contracts_folder,
                 "A district's own contracts, over the shipped ones (HOMEROOM_CONTRACTS)");
}

}  // namespace homeroom::cli
