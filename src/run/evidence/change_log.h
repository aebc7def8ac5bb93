#pragma once

// What cleaning changed, shown: a few samples of each column and rule for the report, and on
// demand every change in a CSV of its own.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "clean/cleaner.h"
#include "io/store.h"
#include "run/report.h"
#include "table/batch.h"
#include "table/csv_writer.h"

namespace homeroom::run {

/// A value as the report shows it: the text, cut after 120 characters; "(empty)" and
/// "(suppressed)" for cells without one.
[[nodiscard]] std::string shown_value(const Cell& cell);

/// Not shared by threads. Memory: the samples; 256 KiB when every change is written.
class ChangeLog {
 public:
  using NameOf = std::function<std::string(std::size_t column)>;

  explicit ChangeLog(NameOf name_of) : name_of_(std::move(name_of)) {}

  /// From now on every change goes to an object in `folder` ("changes/attendance/"), if there is
  /// any:
  /// `_line,_column,_rule,_before,_after`, a line for each rule that changed a cell, in its order.
  /// The batches' cleaner keeps its changes. `store` must outlive the log.
  void write_all(const io::Store& store, std::string folder);

  /// Takes the batch's samples into `report`, and writes its changes where asked to.
  /// Errors: kIo.
  [[nodiscard]] Status note(const Batch& batch, const clean::CleanedBatch& cleaned,
                            FileReport& report);

  /// Publishes the changes as `object_name`, which has the file's hash in it and so is not known
  /// before; the object's key, empty when there is none.
  [[nodiscard]] Result<std::string> commit(std::string_view object_name);

 private:
  [[nodiscard]] Status write(const Batch& batch, const clean::CleanedBatch& cleaned);
  [[nodiscard]] Status open();

  NameOf name_of_;
  const io::Store* store_ = nullptr;
  std::string folder_;
  std::unique_ptr<io::ObjectWriter> object_;
  std::unique_ptr<CsvWriter> csv_;
  std::vector<std::string> names_;  ///< of columns, as far as they were asked for
};

}  // namespace homeroom::run
