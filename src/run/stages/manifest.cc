#include "run/stages/manifest.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "io/sha256.h"

namespace homeroom::run {
namespace {

using nlohmann::ordered_json;

constexpr int kManifestVersion = 1;
constexpr std::string_view kSuffix = ".load.json";
constexpr std::size_t kReadBytes = 64 * 1024;

ordered_json to_json(const CleanedFile& cleaned) {
  ordered_json objects = ordered_json::array();
  for (const CleanObject& object : cleaned.objects) {
    objects.push_back({{"key", object.key}, {"school_year", object.school_year}});
  }
  return {{"objects", std::move(objects)},
          {"quarantine", cleaned.quarantine_key},
          {"scope", cleaned.scope}};
}

ordered_json to_json(const TableSchema& table, std::span<const std::uint32_t> fields) {
  ordered_json columns = ordered_json::array();
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const TableColumn& column = table.columns[i];
    columns.push_back({{"name", column.name},
                       {"type", to_string(column.type)},
                       {"required", column.is_required},
                       {"identifier", column.is_identifier},
                       {"suppressible", column.is_suppressible},
                       {"comment", column.comment},
                       {"part_of", column.part_of},
                       {"field", fields[i]}});
  }
  return {{"name", table.name},
          {"comment", table.comment},
          {"key", table.key},
          {"columns", std::move(columns)}};
}

ordered_json to_json(const catalog::FileRecord& record) {
  return {{"path", record.path},
          {"modified_at", record.modified_at},
          {"raw_key", record.raw_key},
          {"sha256", record.sha256},
          {"bytes", record.size_bytes},
          {"contract_version", record.contract_version},
          {"engine_version", record.engine_version},
          {"contracts_hash", record.contracts_hash},
          {"dialect", record.dialect_json}};
}

ordered_json to_json(const Issue& issue) {
  return {{"line", issue.line},
          {"field", issue.field},
          {"column", issue.column},
          {"rule", issue.rule},
          {"severity", static_cast<int>(issue.severity)},
          {"message", issue.message},
          {"suggestion", issue.suggestion}};
}

ordered_json report_json(const FileReport& report) {
  ordered_json issues = ordered_json::array();
  for (const Issue& issue : report.issues) issues.push_back(to_json(issue));
  ordered_json groups = ordered_json::array();
  for (const IssueGroup& group : report.issue_groups) {
    groups.push_back({{"column", group.column},
                      {"rule", group.rule},
                      {"severity", static_cast<int>(group.severity)},
                      {"first_line", group.first_line},
                      {"count", group.count}});
  }
  ordered_json changes = ordered_json::array();
  for (const catalog::ChangeRecord& change : report.changes) {
    changes.push_back({{"column", change.column}, {"rule", change.rule}, {"count", change.count}});
  }
  ordered_json skipped = ordered_json::array();
  for (const SkippedLine& line : report.skipped) {
    skipped.push_back({{"line", line.line}, {"reason", line.reason}});
  }
  return {{"path", report.path},
          {"status", static_cast<int>(report.status)},
          {"reason", report.reason},
          {"bundle", report.bundle},
          {"dataset", report.dataset},
          {"tables", report.tables},
          {"match", report.match_reason},
          {"profile", report.profile},
          {"profile_reason", report.profile_reason},
          {"rows",
           {{"read", report.rows.read},
            {"duplicate", report.rows.duplicate},
            {"quarantined", report.rows.quarantined},
            {"pending", report.rows.pending},
            {"skipped", report.rows.skipped},
            {"loaded", report.rows.loaded},
            {"unchanged", report.rows.unchanged}}},
          {"values_changed", report.values_changed},
          {"changes", std::move(changes)},
          {"issues", std::move(issues)},
          {"issue_groups", std::move(groups)},
          {"issue_count", report.issue_count},
          {"skipped", std::move(skipped)},
          {"outputs", report.outputs}};
}

catalog::FileRecord record_from(const ordered_json& json) {
  return {.path = json.at("path"),
          .modified_at = json.at("modified_at"),
          .raw_key = json.at("raw_key"),
          .sha256 = json.at("sha256"),
          .size_bytes = json.at("bytes"),
          .contract_version = json.at("contract_version"),
          .engine_version = json.at("engine_version"),
          .contracts_hash = json.at("contracts_hash"),
          .dialect_json = json.at("dialect")};
}

CleanedFile cleaned_from(const ordered_json& json) {
  CleanedFile cleaned;
  for (const ordered_json& object : json.at("objects")) {
    cleaned.objects.push_back({.key = object.at("key"), .school_year = object.at("school_year")});
  }
  cleaned.quarantine_key = json.at("quarantine");
  cleaned.scope = json.at("scope");
  return cleaned;
}

TableSchema table_from(const ordered_json& json, std::vector<std::uint32_t>& fields) {
  TableSchema table;
  table.name = json.at("name");
  table.comment = json.at("comment");
  table.key = json.at("key").get<std::vector<std::string>>();
  for (const ordered_json& column : json.at("columns")) {
    const std::string type = column.at("type");
    table.columns.push_back({.name = column.at("name"),
                             .type = parse_sql_type(type).value_or(SqlType::kText),
                             .is_required = column.at("required"),
                             .is_identifier = column.at("identifier"),
                             .is_suppressible = column.at("suppressible"),
                             .comment = column.at("comment"),
                             .part_of = column.at("part_of")});
    fields.push_back(column.at("field"));
  }
  return table;
}

void read_findings(const ordered_json& json, FileReport& report) {
  for (const ordered_json& issue : json.at("issues")) {
    report.issues.push_back({.line = issue.at("line"),
                             .field = issue.at("field"),
                             .column = issue.at("column"),
                             .rule = issue.at("rule"),
                             .severity = static_cast<Severity>(issue.at("severity").get<int>()),
                             .message = issue.at("message"),
                             .suggestion = issue.at("suggestion")});
  }
  for (const ordered_json& group : json.at("issue_groups")) {
    report.issue_groups.push_back(
        {.column = group.at("column"),
         .rule = group.at("rule"),
         .severity = static_cast<Severity>(group.at("severity").get<int>()),
         .first_line = group.at("first_line"),
         .count = group.at("count")});
  }
  report.issue_count = json.at("issue_count");
  for (const ordered_json& change : json.at("changes")) {
    report.changes.push_back(
        {.column = change.at("column"), .rule = change.at("rule"), .count = change.at("count")});
  }
  for (const ordered_json& line : json.at("skipped")) {
    report.skipped.push_back({.line = line.at("line"), .reason = line.at("reason")});
  }
}

FileReport report_from(const ordered_json& json) {
  FileReport report;
  report.path = json.at("path");
  report.status = static_cast<FileStatus>(json.at("status").get<int>());
  report.reason = json.at("reason");
  report.bundle = json.at("bundle");
  report.dataset = json.at("dataset");
  report.tables = json.at("tables").get<std::vector<std::string>>();
  report.match_reason = json.at("match");
  report.profile = json.at("profile");
  report.profile_reason = json.at("profile_reason");
  const ordered_json& rows = json.at("rows");
  report.rows = {.read = rows.at("read"),
                 .loaded = rows.at("loaded"),
                 .unchanged = rows.at("unchanged"),
                 .duplicate = rows.at("duplicate"),
                 .quarantined = rows.at("quarantined"),
                 .pending = rows.at("pending"),
                 .skipped = rows.at("skipped")};
  report.values_changed = json.at("values_changed");
  report.outputs = json.at("outputs").get<std::vector<std::string>>();
  read_findings(json, report);
  return report;
}

Error not_ours(const std::string& key, std::string_view why) {
  return {.code = ErrorCode::kInvalidInput,
          .message = fmt::format("{} cannot be read: {}", key, why),
          .hint = "clean the raw file again with this version of the program",
          .detail = {},
          .position = {}};
}

// The parser throws; nothing of it leaves this function.
Result<LoadManifest> manifest_from(const std::string& key, const std::string& text) {
  try {
    const ordered_json json = ordered_json::parse(text);
    if (json.at("manifest_version") != kManifestVersion) {
      return tl::unexpected(not_ours(key, "another version of the program wrote it"));
    }
    LoadManifest manifest;
    manifest.at = {.time = json.at("cleaned_at"), .number = json.at("cleaned_as")};
    manifest.source = json.at("source");
    manifest.known_as = json.at("known_as");
    manifest.dataset = json.at("dataset");
    manifest.contract = json.at("contract");
    manifest.contract_hash = json.at("contract_hash");
    manifest.profile = json.at("profile");
    manifest.read_by = json.at("read_by");
    manifest.header = json.at("header").get<std::vector<std::string>>();
    manifest.stem = json.at("stem");
    manifest.record = record_from(json.at("file"));
    manifest.sha256 = manifest.record.sha256;
    manifest.cleaned = cleaned_from(json.at("cleaned"));
    manifest.table = table_from(json.at("table"), manifest.fields);
    manifest.report = report_from(json.at("report"));
    manifest.report.sha256 = manifest.sha256;
    manifest.report.size_bytes = manifest.record.size_bytes;
    return manifest;
  } catch (const nlohmann::json::exception&) {
    return tl::unexpected(not_ours(key, "it is no manifest of a cleaned file"));
  }
}

Result<std::string> read_all(const io::Store& store, const std::string& key) {
  const std::unique_ptr<ByteSource> source = HOMEROOM_TRY(store.read(key));
  std::string text;
  std::string block(kReadBytes, '\0');
  while (const std::size_t size = HOMEROOM_TRY(source->read(block))) {
    text.append(block, 0, size);
  }
  return text;
}

}  // namespace

LoadManifest make_manifest(const source::InputFile& input, const PreparedFile* file,
                           const CleanedFile& cleaned, const FileReport& report,
                           const Settings& settings, CleanedAt at) {
  LoadManifest manifest;
  manifest.at = std::move(at);
  manifest.report = report;
  manifest.source = input.source;
  manifest.known_as = (input.known_as.empty() ? input.path : input.known_as).string();
  std::string raw_key;
  if (file != nullptr && input.archive.empty()) {
    raw_key = fmt::format("raw/{}/{}{}", input.source.empty() ? "unnamed" : input.source,
                          file->object_name(), input.path.extension().string());
  }
  manifest.record = file_record(input, file, report, settings, std::move(raw_key));
  manifest.sha256 = report.sha256;
  manifest.cleaned = cleaned;
  manifest.stem = file == nullptr ? input.path.filename().string() : file->name.stem;
  if (file == nullptr) return manifest;
  manifest.dataset = file->dataset();
  manifest.profile = file->profile == nullptr ? std::string() : file->profile->name;
  if (const contract::Contract* contract = file->contract()) {
    manifest.contract = contract->name;
    manifest.contract_hash = contract->text_hash;
  }
  manifest.table = file->plan.table;
  manifest.header = file->header;
  for (const shape::ColumnOrigin& origin : file->plan.origins) {
    const bool is_plain = origin.from == shape::ColumnOrigin::From::kSource;
    manifest.fields.push_back(is_plain ? static_cast<std::uint32_t>(origin.source + 1) : 0);
  }
  return manifest;
}

Status write_manifest(const io::Store& store, const LoadManifest& manifest) {
  io::Sha256 place;
  place.update(manifest.source);
  place.update("\n");
  place.update(manifest.record.path);
  const std::string name = fmt::format("{}-{}", object_name(manifest.stem, manifest.sha256),
                                       place.finish().substr(0, 8));
  const ordered_json json{{"manifest_version", kManifestVersion},
                          {"cleaned_at", manifest.at.time},
                          {"cleaned_as", manifest.at.number},
                          {"source", manifest.source},
                          {"known_as", manifest.known_as},
                          {"dataset", manifest.dataset},
                          {"contract", manifest.contract},
                          {"contract_hash", manifest.contract_hash},
                          {"profile", manifest.profile},
                          {"read_by", manifest.read_by},
                          {"stem", manifest.stem},
                          {"header", manifest.header},
                          {"file", to_json(manifest.record)},
                          {"cleaned", to_json(manifest.cleaned)},
                          {"table", to_json(manifest.table, manifest.fields)},
                          {"report", report_json(manifest.report)}};
  const auto object = HOMEROOM_TRY(store.create(fmt::format("runs/{}{}", name, kSuffix)));
  HOMEROOM_TRY(
      object->write(json.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n"));
  return object->commit();
}

Result<std::vector<LoadManifest>> read_manifests(const io::Store& store) {
  std::vector<LoadManifest> manifests;
  for (const std::string& key : HOMEROOM_TRY(store.list("runs/"))) {
    if (!key.ends_with(kSuffix)) continue;
    const std::string text = HOMEROOM_TRY(read_all(store, key));
    manifests.push_back(HOMEROOM_TRY(manifest_from(key, text)));
  }
  std::ranges::stable_sort(manifests, {}, &LoadManifest::at);
  return manifests;
}

source::InputFile input_of(const LoadManifest& manifest) {
  return {.path = manifest.report.path,
          .source = manifest.source,
          .size_bytes = manifest.record.size_bytes,
          .location = manifest.record.path,
          .known_as = manifest.known_as};
}

PreparedFile prepared_of(const LoadManifest& manifest, const contract::Contract* contract) {
  PreparedFile file;
  file.input = input_of(manifest);
  file.name.stem = manifest.stem;
  file.header = manifest.header;
  if (contract != nullptr) {
    file.match = contract::Match{.contract = contract,
                                 .columns = {},
                                 .score = 1,
                                 .runner_up = {},
                                 .runner_up_score = 0,
                                 .reason = manifest.report.match_reason};
  }
  file.plan.table = manifest.table;
  file.plan.headers = manifest.header;
  for (const std::uint32_t field : manifest.fields) {
    shape::ColumnOrigin& origin = file.plan.origins.emplace_back();
    if (field == 0) continue;
    origin.from = shape::ColumnOrigin::From::kSource;
    origin.source = field - 1;
  }
  file.sha256 = manifest.sha256;
  const std::string& modified = manifest.record.modified_at;
  std::from_chars(modified.data(), modified.data() + modified.size(), file.stamp.modified_ns);
  return file;
}

}  // namespace homeroom::run
