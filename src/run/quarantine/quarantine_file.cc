#include "run/quarantine/quarantine_file.h"

#include <utility>

#include <fmt/format.h>

namespace homeroom::run {
namespace {

class StringSink : public ByteSink {
 public:
  explicit StringSink(std::string& text) : text_(&text) {}

  Status write(std::span<const char> bytes) override {
    text_->append(bytes.data(), bytes.size());
    return {};
  }

 private:
  std::string* text_;
};

// Cells beyond the header's columns as one line of CSV, so that nothing of the row is lost.
std::string surplus_cells(std::span<const Cell> cells, std::size_t num_columns) {
  std::string text;
  if (cells.size() <= num_columns) return text;
  StringSink sink(text);
  CsvWriter csv(sink);
  for (const Cell& cell : cells.subspan(num_columns)) csv.field(cell.text());
  if (!csv.end_record() || !csv.finish()) return text;
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

QuarantineWriter::QuarantineWriter(std::string key, std::size_t num_columns,
                                   std::unique_ptr<io::ObjectWriter> object)
    : key_(std::move(key)), num_columns_(num_columns), object_(std::move(object)) {
  name_ = key_.substr(key_.rfind('/') + 1);
  name_.resize(name_.size() - std::string_view(".csv").size());
  csv_ = std::make_unique<CsvWriter>(*object_);
}

Result<QuarantineWriter> QuarantineWriter::create(const io::Store& store, std::string key,
                                                  std::span<const std::string> header) {
  auto object = HOMEROOM_TRY(store.create(key));
  QuarantineWriter writer(std::move(key), header.size(), std::move(object));
  for (const std::string& name : header) writer.csv_->field(name);
  for (const std::string_view name : kQuarantineColumns) writer.csv_->field(name);
  HOMEROOM_TRY(writer.csv_->end_record());
  return writer;
}

Status QuarantineWriter::add(std::span<const Cell> cells, const Issue& problem) {
  for (std::size_t i = 0; i < num_columns_; ++i) {
    csv_->field(i < cells.size() ? cells[i].text() : std::string_view());
  }
  const fmt::format_int digits(problem.line);
  csv_->field({digits.data(), digits.size()});
  csv_->field(problem.column);
  csv_->field(problem.rule);
  csv_->field(problem.message);
  csv_->field(problem.suggestion);
  csv_->field(surplus_cells(cells, num_columns_));
  csv_->field(name_);
  return csv_->end_record();
}

Status QuarantineWriter::add_record(std::span<const Cell> fields) {
  for (const Cell& field : fields) csv_->field(field.text());
  csv_->field(name_);
  return csv_->end_record();
}

Status QuarantineWriter::commit() {
  HOMEROOM_TRY(csv_->finish());
  return object_->commit();
}

std::string quarantine_key(std::string_view dataset, std::string_view object_name) {
  return fmt::format("quarantine/{}/{}.csv", dataset, object_name);
}

}  // namespace homeroom::run
