#include "run/clean_output.h"

#include <utility>

#include <fmt/format.h>

namespace homeroom::run {
namespace {

// More school years than this in one file are a misread column, not a history.
constexpr std::size_t kMaxParts = 200;

Status write_record(CsvWriter& csv, const std::vector<std::string>& fields) {
  for (const std::string& field : fields) csv.field(field);
  return csv.end_record();
}

}  // namespace

CleanOutput::CleanOutput(const io::Store* store, const PreparedFile& file)
    : store_(store), file_(&file) {
  const auto& columns = file.plan.table.columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (file.match && columns[i].name == kSchoolYearColumn) {
      school_year_column_ = static_cast<int>(i);
    } else {
      written_.push_back(i);
    }
  }
}

Result<CleanOutput::Part> CleanOutput::open_part(const std::string& key,
                                                 const std::vector<std::string>& header) {
  Part part;
  part.key = key;
  part.object = HOMEROOM_TRY(store_->create(key));
  part.csv = std::make_unique<CsvWriter>(*part.object);
  HOMEROOM_TRY(write_record(*part.csv, header));
  return part;
}

Result<CleanOutput::Part*> CleanOutput::part_of(const shape::ShapedBatch& shaped, RowIndex row) {
  std::string_view year;
  if (school_year_column_ >= 0) {
    const Cell& cell = (*shaped.columns[static_cast<std::size_t>(school_year_column_)])[row];
    if (cell.has_value()) year = cell.text();
  }
  if (last_part_ != nullptr && year == last_year_) return last_part_;
  auto found = parts_.find(year);
  if (found == parts_.end()) {
    if (parts_.size() >= kMaxParts) {
      return fail(ErrorCode::kContract,
                  fmt::format("the file has rows of more than {} school years", kMaxParts),
                  "the column taken for the school year or the date is another thing: say the "
                  "data set with --dataset, or mend the contract's synonyms");
    }
    std::string folder;
    if (school_year_column_ >= 0) {
      folder = fmt::format("school_year={}/", year.empty() ? kNoPartition : year);
    }
    std::vector<std::string> header;
    for (const std::size_t i : written_) header.push_back(file_->plan.table.columns[i].name);
    header.emplace_back(kLineColumn);
    header.emplace_back(kSuppressedColumn);
    const std::string key =
        fmt::format("clean/{}/{}{}.csv", file_->dataset(), folder, file_->object_name());
    found = parts_.emplace(std::string(year), HOMEROOM_TRY(open_part(key, header))).first;
  }
  last_year_ = year;
  last_part_ = &found->second;
  return last_part_;
}

Status CleanOutput::add_row(const shape::ShapedBatch& shaped, RowIndex row, LineNumber line) {
  if (store_ == nullptr) return {};
  Part* part = HOMEROOM_TRY(part_of(shaped, row));
  suppressed_.clear();
  for (const std::size_t i : written_) {
    const Cell& cell = (*shaped.columns[i])[row];
    part->csv->field(cell.has_value() ? cell.text() : std::string_view());
    if (cell.state == CellState::kSuppressed) {
      if (!suppressed_.empty()) suppressed_ += ';';
      suppressed_ += file_->plan.table.columns[i].name;
    }
  }
  const fmt::format_int digits(line);
  part->csv->field({digits.data(), digits.size()});
  part->csv->field(suppressed_);
  return part->csv->end_record();
}

Status CleanOutput::add_problem(std::span<const Cell> cells, const Issue& problem) {
  if (store_ == nullptr) return {};
  if (!quarantine_) {
    quarantine_ = HOMEROOM_TRY(QuarantineWriter::create(
        *store_, run::quarantine_key(file_->dataset(), file_->object_name()), file_->header));
  }
  return quarantine_->add(cells, problem);
}

Result<std::vector<CleanObject>> CleanOutput::commit() {
  std::vector<CleanObject> objects;
  for (auto& [year, part] : parts_) {
    HOMEROOM_TRY(part.csv->finish());
    HOMEROOM_TRY(part.object->commit());
    objects.push_back({.key = part.key, .school_year = year});
  }
  if (quarantine_) {
    HOMEROOM_TRY(quarantine_->commit());
    quarantine_key_ = quarantine_->key();
  }
  parts_.clear();
  last_part_ = nullptr;
  quarantine_.reset();
  return objects;
}

}  // namespace homeroom::run
