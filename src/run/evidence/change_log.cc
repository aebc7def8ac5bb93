#include "run/evidence/change_log.h"

#include <span>

#include <fmt/format.h>

#include "table/cell.h"

namespace homeroom::run {
namespace {

constexpr std::size_t kMaxShownCharacters = 120;

bool starts_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

std::string_view text_of(const Cell& cell) {
  return cell.state == CellState::kNull ? std::string_view() : cell.text();
}

}  // namespace

std::string shown_value(const Cell& cell) {
  if (cell.state == CellState::kSuppressed) return "(suppressed)";
  const std::string_view text = text_of(cell);
  if (text.empty()) return "(empty)";
  std::size_t num_characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!starts_character(text[at])) continue;
    if (num_characters == kMaxShownCharacters) return std::string(text.substr(0, at)) + "…";
    ++num_characters;
  }
  return std::string(text);
}

void ChangeLog::write_all(const io::Store& store, std::string folder) {
  store_ = &store;
  folder_ = std::move(folder);
}

Status ChangeLog::note(const Batch& batch, const clean::CleanedBatch& cleaned, FileReport& report) {
  for (const clean::ChangeSample& sample : cleaned.samples) {
    report.samples.push_back({.column = name_of_(sample.column),
                              .rule = std::string(sample.rule),
                              .line = batch.lines[sample.row],
                              .before = shown_value(sample.before),
                              .after = shown_value(sample.after)});
  }
  return store_ == nullptr || cleaned.changes.empty() ? Status() : write(batch, cleaned);
}

Status ChangeLog::open() {
  object_ = HOMEROOM_TRY(store_->create(folder_ + "incoming.csv"));
  csv_ = std::make_unique<CsvWriter>(*object_);
  for (const char* name : {"_line", "_column", "_rule", "_before", "_after"}) csv_->field(name);
  return csv_->end_record();
}

Status ChangeLog::write(const Batch& batch, const clean::CleanedBatch& cleaned) {
  if (csv_ == nullptr) HOMEROOM_TRY(open());
  while (names_.size() < batch.num_columns()) names_.push_back(name_of_(names_.size()));
  const std::span<const clean::ChangedCell> changes = cleaned.changes;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const clean::ChangedCell& change = changes[i];
    // The next rule starts from what this one left.
    const bool is_last = i + 1 == changes.size() || changes[i + 1].row != change.row ||
                         changes[i + 1].column != change.column;
    const Cell& after = is_last ? batch.columns[change.column][change.row] : changes[i + 1].before;
    const fmt::format_int digits(batch.lines[change.row]);
    csv_->field({digits.data(), digits.size()});
    csv_->field(names_[change.column]);
    csv_->field(change.rule);
    csv_->field(text_of(change.before));
    csv_->field(text_of(after));
    HOMEROOM_TRY(csv_->end_record());
  }
  return {};
}

Result<std::string> ChangeLog::commit(std::string_view object_name) {
  if (csv_ == nullptr) return std::string();
  std::string key = fmt::format("{}{}.csv", folder_, object_name);
  HOMEROOM_TRY(csv_->finish());
  HOMEROOM_TRY(object_->commit_as(key));
  return key;
}

}  // namespace homeroom::run
