#pragma once

// One pass over the rows of a file: clean, shape, check, and send each row to its outcome.

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "clean/cleaner.h"
#include "clean/known_cells.h"
#include "io/store.h"
#include "run/cleaning/clean_output.h"
#include "run/cleaning/file_quality.h"
#include "run/cleaning/row_sink.h"
#include "run/evidence/change_log.h"
#include "run/evidence/part_log.h"
#include "run/reading/prepare.h"
#include "run/report.h"
#include "run/settings.h"
#include "run/slot_scope.h"
#include "shape/shape.h"
#include "table/batch.h"
#include "table/issue.h"
#include "validate/check.h"
#include "validate/file_checks.h"
#include "validate/key_ledger.h"
#include "validate/row_hash.h"

namespace homeroom::run {

/// What cleaning wrote, for the load.
struct CleanedFile {
  std::vector<CleanObject> objects;
  std::string quarantine_key;  ///< empty: no row was quarantined
  std::string changes_key;     ///< empty: every change was not asked for, or there is none
  std::string scope;           ///< of the slot: "date=2025-11-03..2025-11-28|school_id=010"
};

/// What an earlier pass found of lines, ascending by line.
struct KnownLines {
  std::vector<validate::KeyVerdict> verdicts = {};
  std::vector<validate::LineProblem> problems = {};
};

/// Takes a file's batches in order. Destroyed without `commit`, it leaves nothing.
/// Not shared by threads.
class CleaningPass {
 public:
  /// All must outlive the pass but `known`, which is of an earlier pass.
  /// `ledger` (may be null) learns the keys and tells which ones repeat; `quality` (may be null)
  /// sees all rows.
  /// Errors: kConfig for rules and checks that a contract declares wrongly.
  [[nodiscard]] static Result<std::unique_ptr<CleaningPass>> create(
      const PreparedFile& file, const Settings& settings, CleanInto into, KnownLines known,
      validate::KeyLedger* ledger, FileQuality* quality);

  /// The rows of each column of the file that hold texts this pass does not know yet; `take` of
  /// the same batch follows.
  std::span<const clean::OpenRows> find_open(Batch& batch);

  /// Cleans the batch in place. Errors: kIo from the store and the ledger; kContract for rows of
  /// too many school years.
  [[nodiscard]] Status take(Batch& batch);

  /// What was counted: rows, changes, issues, skipped lines, and nothing else; after the last
  /// batch.
  [[nodiscard]] FileReport take_counts();

  /// Publishes what was written. Errors: kIo.
  [[nodiscard]] Result<CleanedFile> commit();

 private:
  CleaningPass(const PreparedFile& file, const Settings& settings, const io::Store* store,
               clean::Cleaner cleaner, validate::RowValidator validator);

  void note_columns();
  void learn_texts();
  void learn_texts_of(std::size_t source_column);
  [[nodiscard]] Status handle_batch();
  void hash_keys();
  [[nodiscard]] bool is_meant(RowIndex row) const;
  [[nodiscard]] Status quarantine_row(RowIndex row);
  [[nodiscard]] Status quarantine_ragged(const RaggedRow& ragged);
  [[nodiscard]] Status keep_row(RowIndex row);
  [[nodiscard]] Result<bool> add_shaped_row(RowIndex shaped_row, LineNumber line);
  void note_duplicate(LineNumber line, LineNumber first_line);
  void collect_problems();
  void add_line_problems();
  [[nodiscard]] Status observe(FileQuality& quality);
  [[nodiscard]] bool is_no_row(RowIndex row) const;
  [[nodiscard]] const Cell* file_cell(std::uint32_t column, RowIndex row) const;
  void find_shaped_rows(RowIndex row);
  [[nodiscard]] const validate::KeyVerdict* verdict_of(LineNumber line);
  [[nodiscard]] Issue issue_of(const clean::BadCell& bad) const;
  [[nodiscard]] Issue issue_of(const validate::RowProblem& problem) const;
  [[nodiscard]] Issue issue_of(const validate::LineProblem& problem) const;
  [[nodiscard]] Issue conflict_issue(const validate::KeyVerdict& verdict) const;
  [[nodiscard]] std::string column_name(std::size_t source_column) const;
  [[nodiscard]] std::span<const Cell> original_cells(RowIndex row);
  void note_skipped(LineNumber line, std::string reason);

  const PreparedFile* file_;
  FileReport counted_;
  CleanOutput output_;
  RowSink* rows_ = nullptr;
  ChangeLog changes_;
  clean::KnownCells known_cells_;
  clean::Cleaner cleaner_;
  shape::Shaper shaper_;
  validate::RowValidator validator_;
  SlotScope scope_;
  PartLog parts_;
  validate::FileCell file_cell_;
  std::vector<std::size_t> key_columns_;
  // By column of the file: the table's column that holds its cells as they are; kWholeRow: none.
  std::vector<std::uint32_t> table_columns_;
  KnownLines known_;
  std::size_t next_verdict_ = 0;
  std::size_t next_line_problem_ = 0;
  validate::KeyLedger* ledger_ = nullptr;
  FileQuality* quality_ = nullptr;
  validate::RowHasher hasher_;

  // Of the batch at hand.
  Batch* batch_ = nullptr;
  clean::CleanedBatch cleaned_;
  shape::ShapedBatch shaped_;
  std::vector<validate::RowProblem> row_problems_;
  // By column of the table: the rows that are checked; null: all.
  std::vector<const std::vector<RowIndex>*> open_;
  std::vector<RowIndex> problem_rows_;
  // Problems as issues, by source row; first in the order cleaning, then checks.
  std::multimap<RowIndex, Issue> problems_;
  std::vector<validate::Hash128> keys_;  // of the shaped rows, where there is a ledger
  RowIndex next_shaped_ = 0;
  RowIndex first_shaped_ = 0;
  std::size_t next_ragged_ = 0;
  std::vector<Cell> cells_;
};

}  // namespace homeroom::run
