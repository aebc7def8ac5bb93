#include "run/bundle/manifest.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/count_text.h"
#include "base/result.h"
#include "base/text.h"
#include "parse/batch_reader.h"
#include "run/bundle/layout.h"
#include "run/reading/input_stream.h"
#include "run/report.h"
#include "sniff/sniff.h"
#include "table/batch.h"
#include "table/issue.h"

namespace homeroom::run {
namespace {

constexpr std::string_view kVersion = "oneroster.version";
constexpr std::string_view kFile = "file.";
/// A manifest has a line for each of the format's files, and some of its own.
constexpr std::size_t kMostProperties = 1000;

bool starts_with_file(std::string_view name) {
  return name.size() > kFile.size() && equals_ignoring_case(name.substr(0, kFile.size()), kFile);
}

constexpr std::array<std::string_view, 4> kFileHeaders = {"file", "file_name", "filename", "name"};
constexpr std::array<std::string_view, 8> kCountHeaders = {
    "rows",    "row_count",    "num_rows",    "number_of_rows",
    "records", "record_count", "num_records", "number_of_records"};

std::optional<std::size_t> position_of_any(std::span<const std::string> header,
                                           std::span<const std::string_view> names) {
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (std::ranges::find(names, fold_name(header[i])) != names.end()) return i;
  }
  return std::nullopt;
}

// Where a manifest's line says what.
struct Places {
  std::optional<std::size_t> name;
  std::optional<std::size_t> value;
  bool is_of_counts = false;
};

Places find_places(std::span<const std::string> header) {
  Places places{.name = position_of(header, "propertyName"), .value = position_of(header, "value")};
  if (places.name && places.value) return places;
  return {.name = position_of_any(header, kFileHeaders),
          .value = position_of_any(header, kCountHeaders),
          .is_of_counts = true};
}

Result<Manifest> read_properties(const std::filesystem::path& path, const Settings& settings) {
  const FileHead head = HOMEROOM_TRY(read_head(path));
  Manifest manifest;
  manifest.dialect = HOMEROOM_TRY(sniff::sniff(head.bytes, head.is_whole, {}));
  const auto stream = HOMEROOM_TRY(
      InputStream::open(path, manifest.dialect, settings, InputStream::Purpose::kReadAgain));
  const auto [name, value, is_of_counts] = find_places(stream->reader().header());
  if (!name || !value) return fail(ErrorCode::kInvalidInput, "no manifest", "");
  Batch batch;
  while (HOMEROOM_TRY(stream->reader().next(batch))) {
    for (RowIndex row = 0; row < batch.num_rows(); ++row) {
      if (manifest.properties.size() + manifest.counts.size() == kMostProperties) return manifest;
      const LineNumber line = batch.lines[row];
      std::string what(trim(batch.columns[*name][row].text()));
      const std::string_view said = trim(batch.columns[*value][row].text());
      if (is_of_counts) {
        manifest.counts.push_back(
            {.line = line, .file = std::move(what), .num_rows = count_in(said)});
      } else {
        manifest.properties.push_back(
            {.line = line, .name = std::move(what), .value = std::string(said)});
      }
    }
  }
  return manifest;
}

Issue issue_at(LineNumber line, Severity severity, std::string message, std::string suggestion) {
  return {.line = line,
          .column = {},
          .rule = "manifest",
          .severity = severity,
          .message = std::move(message),
          .suggestion = std::move(suggestion)};
}

void check_version(const Manifest& manifest, FileReport& report) {
  if (!manifest.version().empty()) return;
  const Manifest::Property* said = manifest.find(kVersion);
  report.add_issue(issue_at(said == nullptr ? 1 : said->line, Severity::kError,
                            said == nullptr ? "it does not say which OneRoster it is"
                                            : "its OneRoster version is neither 1.1 nor 1.2",
                            "its files are held: correct oneroster.version, or give the files one "
                            "by one"));
}

void check_file(const Manifest::Property& property, std::span<const std::string> stems,
                FileReport& report) {
  const std::string stem = property.name.substr(kFile.size());
  const bool is_there = std::ranges::any_of(
      stems, [&](const std::string& name) { return equals_ignoring_case(name, stem); });
  const bool is_absent = equals_ignoring_case(property.value, "absent");
  const bool is_known = is_absent || equals_ignoring_case(property.value, "bulk") ||
                        equals_ignoring_case(property.value, "delta");
  if (!is_known) {
    report.add_issue(issue_at(property.line, Severity::kWarning,
                              fmt::format("{} is none of bulk, delta and absent", property.name),
                              "the file is taken as it is"));
  } else if (is_absent && is_there) {
    report.add_issue(
        issue_at(property.line, Severity::kError,
                 fmt::format("{}.csv is there, and the manifest says it is absent", stem),
                 "the file is held: correct the manifest, or give the file alone"));
  } else if (!is_absent && !is_there) {
    report.add_issue(issue_at(property.line, Severity::kError,
                              fmt::format("{}.csv is not there, and the manifest says it is", stem),
                              "the other files are taken; send this one when it is found"));
  }
}

void check_repeated(const Manifest& manifest, FileReport& report) {
  for (const Manifest::Property& property : manifest.properties) {
    const Manifest::Property* first = manifest.find(property.name);
    if (first->line == property.line || first->value == property.value) continue;
    report.add_issue(
        issue_at(property.line, Severity::kWarning,
                 fmt::format("{} stands in line {} too, otherwise", property.name, first->line),
                 "the first one counts"));
  }
}

void check_unnamed(const Manifest& manifest, std::span<const std::string> stems,
                   FileReport& report) {
  for (const std::string& stem : stems) {
    if (equals_ignoring_case(stem, "manifest")) continue;
    if (manifest.find(std::string(kFile) + stem) != nullptr) continue;
    report.add_issue(
        issue_at(0, Severity::kWarning,
                 fmt::format("{}.csv is there, and the manifest does not name it", stem),
                 "it is taken as it is"));
  }
}

std::size_t num_said(const Manifest& manifest, std::string_view value) {
  return static_cast<std::size_t>(
      std::ranges::count_if(manifest.properties, [&](const Manifest::Property& property) {
        return starts_with_file(property.name) && equals_ignoring_case(property.value, value);
      }));
}

}  // namespace

const Manifest::Property* Manifest::find(std::string_view name) const {
  const auto found = std::ranges::find_if(properties, [&](const Property& property) {
    return equals_ignoring_case(property.name, name);
  });
  return found == properties.end() ? nullptr : &*found;
}

const Manifest::Count* Manifest::count_of(const std::filesystem::path& file) const {
  const std::string name = file.filename().string();
  const std::string stem = file.stem().string();
  const auto found = std::ranges::find_if(counts, [&](const Count& count) {
    const std::string said = std::filesystem::path(count.file).filename().string();
    return equals_ignoring_case(said, name) || equals_ignoring_case(said, stem);
  });
  return found == counts.end() ? nullptr : &*found;
}

std::string_view Manifest::says_of(std::string_view stem) const {
  const Property* property = find(fmt::format("{}{}", kFile, stem));
  return property == nullptr ? std::string_view() : property->value;
}

std::string_view Manifest::version() const {
  const Property* property = find(kVersion);
  if (property == nullptr) return {};
  for (const std::string_view known : {"1.1", "1.2"}) {
    const std::string_view value = property->value;
    const bool is_patch = value.starts_with(known) && value.substr(known.size()).starts_with('.');
    if (value == known || is_patch) return known;
  }
  return {};
}

std::optional<Manifest> read_manifest(const std::filesystem::path& path, const Settings& settings) {
  auto manifest = read_properties(path, settings);
  if (!manifest) return std::nullopt;
  if (!manifest->counts.empty()) return *std::move(manifest);
  const bool names_files = std::ranges::any_of(
      manifest->properties,
      [](const Manifest::Property& property) { return starts_with_file(property.name); });
  if (!names_files && manifest->find(kVersion) == nullptr) return std::nullopt;
  return *std::move(manifest);
}

FileReport report_counts(const Manifest& manifest, const std::filesystem::path& path,
                         std::span<const std::filesystem::path> files) {
  FileReport report;
  report.path = path.string();
  report.status = FileStatus::kRead;
  report.dialect = manifest.dialect;
  report.match_reason = "a manifest that counts the rows of the files beside it: read, not loaded";
  report.rows.read = report.rows.skipped = manifest.counts.size();
  for (const Manifest::Count& count : manifest.counts) {
    report.skipped.push_back({.line = count.line, .reason = "manifest"});
    const bool is_there = std::ranges::any_of(
        files, [&](const auto& file) { return manifest.count_of(file) == &count; });
    if (!is_there) {
      report.add_issue(
          issue_at(count.line, Severity::kError,
                   fmt::format("{} is not there, and the manifest counts it", count.file),
                   "the other files are taken; send this one when it is found"));
    } else if (!count.num_rows) {
      report.add_issue(issue_at(count.line, Severity::kWarning,
                                fmt::format("what it says of {} is no number of rows", count.file),
                                "the file is taken as it is"));
    }
  }
  report.skipped.resize(std::min(report.skipped.size(), kMaxIssues));
  report.reason = fmt::format("it counts {}", counted(manifest.counts.size(), "file"));
  return report;
}

FileReport report_manifest(const Manifest& manifest, const std::filesystem::path& path,
                           std::span<const std::string> stems) {
  FileReport report;
  report.path = path.string();
  report.status = FileStatus::kRead;
  report.dialect = manifest.dialect;
  report.match_reason = "the manifest of a OneRoster bundle: read, not loaded";
  report.rows.read = report.rows.skipped = manifest.properties.size();
  check_version(manifest, report);
  for (const Manifest::Property& property : manifest.properties) {
    report.skipped.push_back({.line = property.line, .reason = "manifest"});
    if (starts_with_file(property.name)) check_file(property, stems, report);
  }
  report.skipped.resize(std::min(report.skipped.size(), kMaxIssues));
  check_repeated(manifest, report);
  check_unnamed(manifest, stems, report);
  report.reason = fmt::format("{} files are bulk, {} delta, {} absent", num_said(manifest, "bulk"),
                              num_said(manifest, "delta"), num_said(manifest, "absent"));
  return report;
}

}  // namespace homeroom::run
