#include <utility>

#include "run/reading/dialect_json.h"
#include "run/stages/manifest.h"

namespace homeroom::run {
namespace {

constexpr std::string_view kInferredVersion = "inferred";

}  // namespace

// The path is absolute: it is one file however it is named.
catalog::FileRecord file_record(const source::InputFile& input, const PreparedFile* file,
                                const FileReport& report, const Settings& settings,
                                std::string raw_key) {
  const contract::Contract* contract = file != nullptr ? file->contract() : nullptr;
  catalog::FileRecord record;
  record.path = ledger_path(input);
  record.raw_key = std::move(raw_key);
  record.sha256 = report.sha256;
  record.size_bytes = report.size_bytes;
  record.engine_version = settings.engine_version;
  record.contracts_hash = contract == nullptr ? "" : contract->text_hash;
  if (file != nullptr) {
    // A copy from the archive is younger than the file: what is known of that stays.
    if (input.known_as.empty()) record.modified_at = std::to_string(file->stamp.modified_ns);
    record.contract_version = contract == nullptr ? kInferredVersion : contract->version;
    record.contracts_hash += file->reading;
  }
  record.contracts_hash += settings.reading;
  // The name is part of what was read where it alone says the school year.
  if (file != nullptr && file->plan.adds_school_year()) {
    record.contracts_hash += " school_year=" + file->plan.file_name_school_year;
  }
  record.dialect_json = "null";
  if (report.dialect) {
    const clean::DateOrder none = clean::DateOrder::kNone;
    record.dialect_json = ledger_json(*report.dialect, file != nullptr ? file->told_order : none,
                                      file != nullptr ? file->read_order : none);
  }
  return record;
}

}  // namespace homeroom::run
