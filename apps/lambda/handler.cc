#include "handler.h"

#include <filesystem>
#include <set>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/date.h"
#include "io/file.h"
#include "io/s3/s3_client.h"
#include "run/cleaning/clean_only.h"
#include "source/folder.h"

namespace homeroom::lambda {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::string_view kVersion = HOMEROOM_VERSION;
constexpr std::int64_t kSecondsADay = 24 * 60 * 60;
// Of the time left: what is written last must get out too.
constexpr double kUsable = 0.8;

std::string_view status_of(const run::FileReport& report) {
  switch (report.status) {
    case run::FileStatus::kHeld:
    case run::FileStatus::kWaiting:
      return "held";
    case run::FileStatus::kRefused:
      return "refused";
    case run::FileStatus::kRead:
      return "skipped";
    case run::FileStatus::kGood:
    case run::FileStatus::kDuplicate:
      break;
  }
  return "cleaned";
}

ordered_json answer_of(const io::S3Object& object, std::string_view status) {
  return {{"status", status},     {"bucket", object.at.bucket},
          {"key", object.at.key}, {"version_id", object.version_id},
          {"dataset", ""},        {"clean", ordered_json::array()},
          {"report", ""},         {"rows", ordered_json::object()}};
}

// What the store or the machine did wrong, not the file: trying again may help.
bool is_ours(ErrorCode code) {
  return code == ErrorCode::kIo || code == ErrorCode::kConfig;
}

// A district's contracts, on this machine.
Status fetch_contracts(const std::string& from, const fs::path& to) {
  const io::S3Url at = HOMEROOM_TRY(io::parse_s3_url(from));
  const auto client = HOMEROOM_TRY(io::s3_client());
  for (const io::S3Object& object : HOMEROOM_TRY(client->list(at))) {
    std::string name = object.at.key.substr(at.key.size());
    name.erase(0, name.find_first_not_of('/'));
    if (!name.ends_with(".yaml") || name.find("..") != std::string::npos) continue;
    std::error_code code;
    fs::create_directories((to / name).parent_path(), code);
    const std::string text = HOMEROOM_TRY(io::read_file(object.at.text()));
    const auto file = HOMEROOM_TRY(io::FileWriter::create(to / name));
    HOMEROOM_TRY(file->write(text));
    HOMEROOM_TRY(file->commit());
  }
  return {};
}

double seconds_until(Deadline deadline) {
  return std::chrono::duration<double>(deadline - std::chrono::system_clock::now()).count();
}

}  // namespace

Result<std::unique_ptr<Handler>> Handler::create(const Options& options, Log log) {
  if (!io::is_s3_url(options.clean_store)) {
    return fail(ErrorCode::kConfig, "HOMEROOM_CLEAN_BUCKET is not set",
                "set it to the bucket that clean files go to");
  }
  std::unique_ptr<Handler> handler(new Handler(options, std::move(log)));
  std::string folder;
  if (!options.contracts.empty()) {
    const fs::path own = fs::path(options.scratch) / "contracts";
    HOMEROOM_TRY(fetch_contracts(options.contracts, own));
    folder = own.string();
  }
  handler->contracts_ = HOMEROOM_TRY(contract::ProfiledContracts::load(folder));
  handler->store_ = std::make_unique<io::Store>(HOMEROOM_TRY(
      io::Store::open_s3(options.clean_store, fs::path(options.scratch) / "homeroom")));
  return handler;
}

// Nothing of it depends on the moment: the day is that on which the object came.
run::Settings Handler::settings_for(const io::S3Object& object) const {
  run::Settings settings;
  settings.contracts = &contracts_->plain();
  settings.profiles = contracts_.get();
  settings.engine_version = kVersion;
  settings.limits.num_threads = 1;
  settings.scratch = store_->scratch();
  settings.today = to_civil_date(static_cast<DayNumber>(object.modified_s / kSecondsADay));
  return settings;
}

Result<ordered_json> Handler::clean(const io::S3Url& at, Deadline deadline) {
  const auto client = HOMEROOM_TRY(io::s3_client());
  const auto found = client->find(at);
  if (!found && found.error().code == ErrorCode::kInvalidInput) {
    return answer_of({.at = at, .etag = {}, .version_id = {}}, "gone");
  }
  const io::S3Object object = HOMEROOM_TRY(found);
  const fs::path path(at.text());
  if (at.key.ends_with('/') || source::is_passed_over(path.filename().native())) {
    return answer_of(object, "skipped");
  }
  const double start = seconds_until(deadline);
  const double needed =
      static_cast<double>(object.size_bytes) / static_cast<double>(options_.bytes_per_second);
  if (needed > start * kUsable) {
    log_({{"level", "info"},
          {"message", "too large for the time left"},
          {"bytes", object.size_bytes}});
    return answer_of(object, "too_large");
  }
  ordered_json answer = answer_of(object, "cleaned");
  std::string_view worst = "cleaned";
  ordered_json reports = ordered_json::array();
  const source::FoundFiles files = source::find_files({at.text()});
  for (const source::Unusable& unusable : files.unusable) {
    if (is_ours(unusable.error.code)) return tl::unexpected(unusable.error);
    worst = "refused";  // a file of an archive that cannot be read
  }
  ordered_json& rows = answer["rows"];
  for (const source::InputFile& file : files.files) {
    const run::CleanedAt when{
        .time = fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(object.modified_s))};
    std::string name;
    const run::FileReport report =
        run::clean_file_to(file, settings_for(object), *store_, [] { return 0.0; }, when, &name);
    if (report.error_code && is_ours(*report.error_code)) {
      return fail(*report.error_code, report.reason, "the function is called again");
    }
    const std::string_view status = status_of(report);
    measure(report, status, start - seconds_until(deadline));
    if (status != "cleaned") worst = status;
    answer["dataset"] = report.dataset;
    const ordered_json counts = run::to_json(report, run::Command::kClean)["rows"];
    for (const auto& [outcome, count] : counts.items()) {
      rows[outcome] = rows.value(outcome, std::uint64_t{0}) + count.get<std::uint64_t>();
    }
    for (const std::string& key : report.outputs) {
      if (key.starts_with("clean/")) answer["clean"].push_back(key);
    }
    reports.push_back(fmt::format("runs/{}.json", name));
  }
  answer["status"] = worst;
  answer["report"] = reports.empty() ? ordered_json("") : reports[0];
  if (reports.size() > 1) answer["reports"] = reports;  // of an archive's files
  return answer;
}

// Counts for CloudWatch, in its embedded metric format, in a line of the log.
void Handler::measure(const run::FileReport& report, std::string_view status,
                      double seconds) const {
  const auto count = [](std::string_view name) {
    return ordered_json{{"Name", name}, {"Unit", "Count"}};
  };
  // A table of its own is named after the file, and that may be after a student.
  const bool has_contract = contracts_->plain().find(report.dataset) != nullptr;
  const std::string dataset = has_contract ? report.dataset : "none";
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  log_({{"_aws",
         {{"Timestamp", now.count()},
          {"CloudWatchMetrics",
           {{{"Namespace", "Homeroom"},
             {"Dimensions", {{"Function"}, {"Function", "Dataset"}}},
             {"Metrics",
              {count("Files"),
               count("RowsRead"),
               count("RowsQuarantined"),
               count("ValuesChanged"),
               {{"Name", "Seconds"}, {"Unit", "Seconds"}},
               {{"Name", "Bytes"}, {"Unit", "Bytes"}}}}}}}}},
        {"level", "info"},
        {"message", "cleaned"},
        {"status", status},
        {"Function", options_.function},
        {"Dataset", dataset},
        {"Files", 1},
        {"RowsRead", report.rows.read},
        {"RowsQuarantined", report.rows.quarantined},
        {"ValuesChanged", report.values_changed},
        {"Seconds", seconds},
        {"Bytes", report.size_bytes}});
}

ordered_json Handler::handle_batch(const Event& event, Deadline deadline) {
  std::set<std::string> failed(event.unreadable.begin(), event.unreadable.end());
  for (const NamedObject& object : event.objects) {
    if (failed.contains(object.message_id)) continue;
    const auto answer = clean(object.at, deadline);
    // A queue cannot be told "too large": the message ends among its dead letters. Files of any
    // size come through the state machine.
    if (!answer || (*answer)["status"] == "too_large") failed.insert(object.message_id);
    if (!answer) log_({{"level", "error"}, {"message", answer.error().message}});
  }
  ordered_json failures = ordered_json::array();
  for (const std::string& id : failed) failures.push_back({{"itemIdentifier", id}});
  return {{"batchItemFailures", failures}};
}

Result<ordered_json> Handler::handle(std::string_view text, Deadline deadline) {
  const Event event = HOMEROOM_TRY(parse_event(text));
  if (event.is_batch) return handle_batch(event, deadline);
  ordered_json answers = ordered_json::array();
  for (const NamedObject& object : event.objects) {
    answers.push_back(HOMEROOM_TRY(clean(object.at, deadline)));
  }
  if (answers.size() == 1) return answers[0];
  return ordered_json{{"files", answers}};
}

}  // namespace homeroom::lambda
