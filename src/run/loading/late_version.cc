#include "run/loading/late_version.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/date.h"
#include "base/text.h"
#include "contract/match.h"
#include "parse/batch_reader.h"
#include "run/canonical_reader.h"
#include "run/loading/load_checks.h"
#include "run/loading/load_file.h"
#include "run/loading/load_kind.h"
#include "table/batch.h"

namespace homeroom::run {
namespace {

constexpr std::string_view kRule = "late_version";
constexpr std::string_view kYearFolder = "/school_year=";

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_newer(const catalog::SlotFile& other, const PreparedFile& file, std::string_view path) {
  const auto day = date_in_name(name_of(path));
  const auto other_day = date_in_name(name_of(other.path));
  if (day && other_day && to_day_number(*day) != to_day_number(*other_day)) {
    return to_day_number(*other_day) > to_day_number(*day);
  }
  const bool is_same_name = other.path == path || (day && other_day);
  return is_same_name && other.modified_ns && *other.modified_ns > file.stamp.modified_ns;
}

// Keys of the clean rows of one object, given to the loader.
class KeyReader {
 public:
  KeyReader(const std::string& key, const TableSchema& table) : key_(key), table_(&table) {}

  [[nodiscard]] Status open(const io::Store& store) {
    source_ = HOMEROOM_TRY(store.read(key_));
    reader_ = HOMEROOM_TRY(open_canonical(*source_));
    for (const std::string& part : table_->key) {
      const auto found = std::ranges::find(reader_->header(), part);
      const bool is_there = found != reader_->header().end();
      positions_.push_back(is_there ? found - reader_->header().begin() : -1);
    }
    return {};
  }

  [[nodiscard]] Status send(load::Loader& loader) {
    Batch batch;
    while (HOMEROOM_TRY(reader_->next(batch))) {
      std::vector<load::KeyValues> keys(batch.num_rows());
      for (RowIndex row = 0; row < batch.num_rows(); ++row) {
        for (std::size_t i = 0; i < positions_.size(); ++i) {
          keys[row].push_back(value_at(batch, i, row));
        }
      }
      HOMEROOM_TRY(loader.note_newer(keys));
    }
    return {};
  }

 private:
  // Empty is null in a clean file; the school year is its folder's where it is no column.
  [[nodiscard]] std::optional<std::string> value_at(const Batch& batch, std::size_t part,
                                                    RowIndex row) const {
    if (positions_[part] < 0) {
      return table_->key[part] == kSchoolYearColumn ? year() : std::nullopt;
    }
    const std::string_view text =
        batch.columns[static_cast<std::size_t>(positions_[part])][row].text();
    return text.empty() ? std::nullopt : std::optional(std::string(text));
  }

  [[nodiscard]] std::optional<std::string> year() const {
    const std::size_t at = key_.find(kYearFolder);
    if (at == std::string::npos) return std::nullopt;
    const std::size_t begin = at + kYearFolder.size();
    std::string value = key_.substr(begin, key_.find('/', begin) - begin);
    return value == kNoPartition ? std::nullopt : std::optional(std::move(value));
  }

  std::string key_;
  const TableSchema* table_;
  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<parse::BatchReader> reader_;
  std::vector<std::ptrdiff_t> positions_;  // of the key's columns in the object; -1: none
};

// The clean objects of a loaded file.
Result<std::vector<std::string>> clean_objects(const io::Store& store, const std::string& dataset,
                                               const catalog::SlotFile& version) {
  const std::string stem = contract::split_file_name(name_of(version.path), {}).stem;
  const std::string name = "/" + object_name(stem, version.sha256) + ".csv";
  std::vector<std::string> keys = HOMEROOM_TRY(store.list(fmt::format("clean/{}/", dataset)));
  std::erase_if(keys, [&](const std::string& key) { return !key.ends_with(name); });
  return keys;
}

std::string describe(const catalog::SlotFile& version) {
  return fmt::format("{}, which run {} loaded", name_of(version.path), version.run_id);
}

}  // namespace

std::vector<catalog::SlotFile> find_newer(const PreparedFile& file,
                                          std::vector<catalog::SlotFile> files) {
  const bool is_back = std::ranges::any_of(files, [&](const catalog::SlotFile& other) {
    return other.sha256 == file.sha256 && !other.gave_way;
  });
  if (is_back) return {};
  const std::string path = ledger_path(file.input);
  std::erase_if(files,
                [&](const catalog::SlotFile& other) { return !is_newer(other, file, path); });
  return files;
}

Status give_way(const io::Store& store, load::Loader& loader, const PreparedFile& file,
                const std::vector<catalog::SlotFile>& newer, FileReport& report) {
  if (newer.empty()) return {};
  const contract::Contract* contract = file.contract();
  const TableSchema& table = file.plan.table;
  const bool is_whole =
      load_mode(contract, table) == load::Mode::kReplace ||
      (contract != nullptr && contract->write_mode == contract::WriteMode::kSnapshot);
  if (is_whole) {
    hold_by(kRule, fmt::format("the file is an older version of {}", describe(newer.front())),
            "nothing was loaded: the newer version stands; `homeroom holds release` loads this one "
            "in its place",
            report);
    return {};
  }
  for (const catalog::SlotFile& version : newer) {
    const auto keys = HOMEROOM_TRY(clean_objects(store, file.dataset(), version));
    if (keys.empty() && version.has_rows) {
      hold_by(kRule,
              fmt::format("the file is an older version of {}, whose clean rows are not in this "
                          "store: which rows both have cannot be told",
                          describe(version)),
              "nothing was loaded: send the newer file again to this store; `homeroom holds "
              "release` loads this one over it",
              report);
      return {};
    }
    for (const std::string& key : keys) {
      KeyReader reader(key, table);
      HOMEROOM_TRY(reader.open(store));
      HOMEROOM_TRY(reader.send(loader));
    }
  }
  const std::uint64_t num_older = HOMEROOM_TRY(loader.drop_older());
  report.rows.skipped += num_older;
  report.add_issue(
      {.line = 0,
       .column = {},
       .rule = std::string(kRule),
       .severity = Severity::kWarning,
       .message = fmt::format("{} skipped: the file is an older version of {}",
                              num_older == 0 ? "no row" : counted(num_older, "row"),
                              describe(newer.front())),
       .suggestion = "rows that both have stay as the newer version has them; to put this one in "
                     "its place, save it again and send it"});
  return {};
}

}  // namespace homeroom::run
