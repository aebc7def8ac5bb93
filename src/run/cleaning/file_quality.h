#pragma once

// The checks of a contract's `quality` within a run: which facts they are given, and what becomes
// of what they find.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/result.h"
#include "run/reading/prepare.h"
#include "run/report.h"
#include "run/settings.h"
#include "shape/shape.h"
#include "validate/file_checks.h"

namespace homeroom::run {

/// What the checks are told of the file besides its rows.
[[nodiscard]] validate::CheckFacts check_facts(const PreparedFile& file, const Settings& settings);

/// The checks that judge the file when its last row was seen. Not shared by threads.
class FileQuality {
 public:
  /// `file` must outlive it. Errors: kConfig for checks that cannot be.
  [[nodiscard]] static Result<FileQuality> create(const PreparedFile& file,
                                                  const validate::CheckFacts& facts);

  /// Every batch, also one without rows: how many there are, and what stands behind the last one.
  void note(const Batch& batch);

  /// The shaped rows of a batch. `is_left_out` tells of rows of the batch that count nowhere.
  [[nodiscard]] Status observe(const Batch& batch, const shape::ShapedBatch& shaped,
                               const std::function<bool(RowIndex)>& is_left_out,
                               const validate::FileCell& file_cell);

  [[nodiscard]] Result<validate::FileVerdict> finish() {
    return checks_.finish({.num_rows = num_rows_, .footers = footers_});
  }

 private:
  validate::FileChecks checks_;
  std::uint64_t num_rows_ = 0;
  std::vector<FooterRow> footers_;
  std::vector<LineNumber> lines_;
  std::vector<std::uint8_t> left_out_;
};

/// Says in the report what was found; an error holds the file, unless a person has released it.
void report_findings(const PreparedFile& file, const Settings& settings,
                     std::span<const validate::FileFinding> findings, FileReport& report);

/// The position in the file and the name of a column of its table, for messages.
void name_column(const PreparedFile& file, std::uint32_t table_column, Issue& issue);

/// The data set's name for a column of the file, or the file's own.
[[nodiscard]] std::string name_of_column(const PreparedFile& file, std::size_t source_column);

}  // namespace homeroom::run
