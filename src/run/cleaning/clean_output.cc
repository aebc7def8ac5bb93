#include "run/cleaning/clean_output.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/failpoint.h"

namespace homeroom::run {
namespace {

// More school years than this in one file are a misread column, not a history.
constexpr std::size_t kMaxParts = 200;

// Some 20,000 bad rows of a usual file.
constexpr std::size_t kMostWaitingBytes = 16 << 20;

// An object that is kept nowhere.
class DiscardingWriter : public io::ObjectWriter {
 public:
  Status write(std::span<const char> /*bytes*/) override { return {}; }

  Status commit() override { return {}; }

  Status commit_as(std::string_view /*key*/) override { return {}; }
};

Result<std::unique_ptr<io::ObjectWriter>> create_object(const io::Store* store,
                                                        const std::string& key) {
  if (store == nullptr) return std::make_unique<DiscardingWriter>();
  return store->create(key);
}

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
      written_.push_back({.column = i});
    }
  }
}

Result<CleanOutput::Part> CleanOutput::open_part(std::string_view folder,
                                                 const std::vector<std::string>& header) {
  Part part;
  part.folder = fmt::format("clean/{}/{}", file_->dataset(), folder);
  part.object = HOMEROOM_TRY(create_object(store_, part.folder + "incoming.csv"));
  part.csv = std::make_unique<CsvWriter>(*part.object);
  HOMEROOM_TRY(write_record(*part.csv, header));
  return part;
}

void CleanOutput::begin_batch(const shape::ShapedBatch& shaped) {
  for (Written& written : written_) written.cells = shaped.columns[written.column]->data();
  if (school_year_column_ < 0) return;
  school_years_ = shaped.columns[static_cast<std::size_t>(school_year_column_)]->data();
}

Result<CleanOutput::Part*> CleanOutput::part_of(RowIndex row) {
  std::string_view year;
  if (school_years_ != nullptr && school_years_[row].has_value()) year = school_years_[row].text();
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
    for (const Written& written : written_) {
      header.push_back(file_->plan.table.columns[written.column].name);
    }
    header.emplace_back(kLineColumn);
    header.emplace_back(kSuppressedColumn);
    found = parts_.emplace(std::string(year), HOMEROOM_TRY(open_part(folder, header))).first;
  }
  last_year_ = year;
  last_part_ = &found->second;
  return last_part_;
}

Status CleanOutput::begin_row(RowIndex row) {
  CsvWriter& csv = *HOMEROOM_TRY(part_of(row))->csv;
  suppressed_.clear();
  std::size_t num_bytes = 0;
  for (const Written& written : written_) num_bytes += written.cells[row].size;
  char* out = csv.begin_fields(num_bytes, written_.size());
  for (const Written& written : written_) {
    const Cell& cell = written.cells[row];
    if (&written != written_.data()) *out++ = ',';
    if (cell.has_value()) [[likely]] {
      out = CsvWriter::put_field(cell.text(), out);
    } else if (cell.state == CellState::kSuppressed) {
      if (!suppressed_.empty()) suppressed_ += ';';
      suppressed_ += file_->plan.table.columns[written.column].name;
    }
  }
  csv.end_fields(out, written_.size());
  return {};
}

std::uint64_t CleanOutput::hash_row(const validate::RowHasher& hasher) const {
  const std::uint64_t written = hasher.hash64(last_part_->csv->record());
  if (suppressed_.empty() && school_year_column_ < 0) return written;
  const std::array parts = {written, hasher.hash64(suppressed_), hasher.hash64(last_year_)};
  return hasher.hash64({reinterpret_cast<const char*>(parts.data()), sizeof parts});
}

Status CleanOutput::end_row(LineNumber line) {
  const fmt::format_int digits(line);
  CsvWriter& csv = *last_part_->csv;
  char* out = csv.begin_fields(digits.size() + suppressed_.size(), 2);
  if (!written_.empty()) *out++ = ',';
  out = CsvWriter::put_field({digits.data(), digits.size()}, out);
  *out++ = ',';
  csv.end_fields(CsvWriter::put_field(suppressed_, out), 2);
  return csv.end_record();
}

Status CleanOutput::add_problem(std::span<const Cell> cells, const Issue& problem) {
  if (store_ == nullptr) return {};
  HOMEROOM_FAILPOINT("quarantine_write");
  if (file_->sha256.empty()) return wait_with(cells, problem);
  if (!quarantine_) {
    quarantine_ = HOMEROOM_TRY(QuarantineWriter::create(
        *store_, run::quarantine_key(file_->dataset(), file_->object_name()), file_->header));
  }
  return quarantine_->add(cells, problem);
}

Status CleanOutput::wait_with(std::span<const Cell> cells, const Issue& problem) {
  Waiting waiting{.cells = {}, .problem = problem};
  num_waiting_bytes_ += sizeof waiting + problem.message.size() + problem.suggestion.size();
  for (const Cell& cell : cells) {
    waiting.cells.emplace_back(cell.text());
    num_waiting_bytes_ += sizeof(std::string) + cell.size;
  }
  waiting_.push_back(std::move(waiting));
  if (num_waiting_bytes_ <= kMostWaitingBytes) return {};
  return fail(ErrorCode::kInternal, "too many rows are bad to wait for the file's hash",
              "read the file first");
}

Status CleanOutput::add_waiting() {
  std::vector<Cell> cells;
  for (const Waiting& waiting : waiting_) {
    cells.clear();
    for (const std::string& text : waiting.cells) cells.push_back(value_cell(text));
    HOMEROOM_TRY(add_problem(cells, waiting.problem));
  }
  waiting_.clear();
  return {};
}

Result<std::string> CleanOutput::publish(Part& part) {
  std::string key = fmt::format("{}{}.csv", part.folder, file_->object_name());
  HOMEROOM_TRY(part.csv->finish());
  HOMEROOM_TRY(part.object->commit_as(key));
  return key;
}

Result<std::vector<CleanObject>> CleanOutput::commit() {
  std::vector<CleanObject> objects;
  if (store_ == nullptr) return objects;
  for (auto& [year, part] : parts_) {
    objects.push_back({.key = HOMEROOM_TRY(publish(part)), .school_year = year});
  }
  HOMEROOM_TRY(add_waiting());
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
