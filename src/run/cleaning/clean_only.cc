#include "run/cleaning/clean_only.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "run/cleaning/clean_file.h"
#include "run/evidence/report_html.h"
#include "run/file_outcome.h"
#include "run/loading/seen_bytes.h"
#include "run/reading/prepare.h"

namespace homeroom::run {
namespace {

FileReport clean_without_load(const source::InputFile& input, const Settings& settings,
                              const io::Store* store, const Clock& clock, const CleanedAt& at = {},
                              std::string* told_name = nullptr) {
  const double start = clock();
  FileReport report = start_report(input);
  std::optional<PreparedFile> file;
  std::string read_by_hash;
  const auto cleaned = [&]() -> Result<CleanedFile> {
    OpenedFile opened = HOMEROOM_TRY(open_file(input, settings, nullptr, report, {}));
    read_by_hash = read_by(opened.file, settings);
    return read_and_clean(opened, settings, {}, {.store = store}, report, file);
  }();
  if (!cleaned) {
    // The store's disk or the temporary one, not the file.
    const bool is_ours = file && cleaned.error().code == ErrorCode::kIo;
    is_ours ? hold_all(cleaned.error(), report) : refuse(cleaned.error(), report);
  }
  report.seconds = clock() - start;
  if (store == nullptr) return report;
  const std::string name = report_name(input, file ? &*file : nullptr);
  if (told_name != nullptr) *told_name = name;
  if (const Status written = write_run_report(*store, name, report, Command::kClean); !written) {
    note_error(written.error(), FileStatus::kHeld, report);
    return report;
  }
  // Of a file whose temporary place failed nothing is known: it is cleaned again.
  if (report.error_code == ErrorCode::kIo) return report;
  LoadManifest manifest = make_manifest(input, file ? &*file : nullptr,
                                        cleaned ? *cleaned : CleanedFile(), report, settings, at);
  manifest.read_by = std::move(read_by_hash);
  if (const Status written = write_manifest(*store, manifest); !written) {
    note_error(written.error(), FileStatus::kHeld, report);
  }
  return report;
}

}  // namespace

Status write_run_report(const io::Store& store, const std::string& object_name,
                        const FileReport& report, Command command) {
  const auto object = HOMEROOM_TRY(store.create(fmt::format("runs/{}.json", object_name)));
  const std::string text =
      to_json(std::vector<FileReport>{report}, command)
          .dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) +
      "\n";
  HOMEROOM_TRY(object->write(text));
  HOMEROOM_TRY(object->commit());
  const auto page = HOMEROOM_TRY(store.create(fmt::format("runs/{}.html", object_name)));
  HOMEROOM_TRY(page->write(to_html(std::vector<FileReport>{report}, command)));
  return page->commit();
}

FileReport check_file(const source::InputFile& input, const Settings& settings,
                      const Clock& clock) {
  return clean_without_load(input, settings, nullptr, clock);
}

FileReport clean_file_to(const source::InputFile& input, const Settings& settings,
                         const io::Store& store, const Clock& clock, const CleanedAt& at,
                         std::string* name) {
  return clean_without_load(input, settings, &store, clock, at, name);
}

}  // namespace homeroom::run
