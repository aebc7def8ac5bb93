#pragma once

// One file on its way through the pipeline, and what is known of it so far. Inside run/ only.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/ledger.h"
#include "catalog/slot_versions.h"
#include "run/changes/fit_table.h"
#include "run/file_outcome.h"
#include "run/loading/history_checks.h"
#include "run/loading/streamed_load.h"
#include "run/pipeline.h"

namespace homeroom::run {

struct Pipeline::Work {
  source::InputFile input;
  FileReport report;
  Remembered remembered;
  std::optional<CleanedAhead> ahead;  // it was cleaned before its turn
  std::optional<PreparedFile> file;
  std::unique_ptr<StreamedLoad> stream;  // refers to the file
  CleanedFile cleaned;
  LoadHistory history;
  std::vector<catalog::SlotFile> newer;  // versions of the file that are loaded
  TableFit fit;
  std::string read_by;  // hash of what decides how it is read
  std::string raw_key;
  std::int64_t run_id = 0;
  double start_seconds = 0;
  bool is_cut_off = false;  // by the store or the database: the file is to come again
  const LoadManifest* manifest = nullptr;  ///< of a file that was cleaned before

  [[nodiscard]] catalog::Slot slot() const {
    return {.source = input.source,
            .dataset = file ? file->dataset() : std::string(),
            .scope = cleaned.scope};
  }

  // Object that keeps the file's bytes, where it is no part of an archive.
  [[nodiscard]] std::string own_raw_key() const {
    return raw_folder(input) + file->object_name() + input.path.extension().string();
  }

  [[nodiscard]] catalog::FileKind kind() const {
    return {.source = input.source, .path = input.path.string()};
  }

  [[nodiscard]] catalog::FileRecord record(const Settings& settings) const {
    catalog::FileRecord record = manifest != nullptr ? manifest->record
                                                     : file_record(input, file ? &*file : nullptr,
                                                                   report, settings, raw_key);
    record.is_cut_off = is_cut_off;
    return record;
  }
};

}  // namespace homeroom::run
