#pragma once

// The rows of a quarantine object, each with all that is wrong with it; and what a person made of
// them in a spreadsheet.

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/store.h"
#include "run/settings.h"
#include "table/batch.h"
#include "table/issue.h"

namespace homeroom::run {

/// A row that waits for a person.
struct QuarantinedRow {
  LineNumber line = 0;
  std::vector<std::string> cells;  ///< as many as the header; those beyond are in `surplus`
  std::string surplus;
  std::vector<Issue> problems;
};

struct QuarantinedRows {
  std::vector<std::string> header;  ///< of the file
  std::vector<QuarantinedRow> rows;

  [[nodiscard]] const QuarantinedRow* find(LineNumber line) const;
};

/// The rows of an object but for those whose line is in `without` (ascending), in the order of
/// their lines. An object that is not there has none.
/// Errors: kIo; kInvalidInput when it is no quarantine file.
[[nodiscard]] Result<QuarantinedRows> read_quarantine(const io::Store& store,
                                                      const std::string& key,
                                                      std::span<const LineNumber> without);

/// Replaces the object; one without rows is removed. `header` as in `rows`.
[[nodiscard]] Status write_quarantine(const io::Store& store, const std::string& key,
                                      const QuarantinedRows& rows);

/// A row to be sent again.
struct SentRow {
  LineNumber line = 0;
  std::vector<std::string> cells;
};

/// A quarantine file as a person sends it back: cells edited, rows left out, saved by a
/// spreadsheet in its own way.
struct CorrectedFile {
  std::string object_name;          ///< of the quarantine file it was made from; may be empty
  std::vector<std::string> header;  ///< of the file's own columns, in the order they stand
  std::vector<SentRow> rows;        ///< one a record
  std::string sha256;
};

/// True for the header of a quarantine file: it has _line, _column, _rule and _reason.
[[nodiscard]] bool is_quarantine_header(std::span<const std::string> header);

/// Reads it, in whatever dialect. Without a column _file the object is known by the file's name.
/// Errors: those of reading; kInvalidInput when it is no quarantine file or a _line is no line.
[[nodiscard]] Result<CorrectedFile> read_corrected(const std::filesystem::path& path,
                                                   const Settings& settings);

/// What a person sends for one cell: the original where the spreadsheet alone changed it (zeros
/// in front, blanks, a form of a date or a number of its own, the ' that `export` puts before a
/// formula), else what was written.
[[nodiscard]] std::string corrected_cell(const std::string& original, const std::string& given);

/// A cell as `export` writes it: one that a spreadsheet would take for a formula begins with '.
[[nodiscard]] std::string guarded_cell(std::string_view text);

/// The rows of `corrected` as they are to be sent, ascending by line: the cells of `open`, edited.
/// A line that stands in several records (one a problem) takes the edits of all of them. Lines
/// whose records contradict each other are told of in `issues`; those that are not open, and rows
/// with a wrong number of fields that nobody has edited, are passed over.
/// Errors: kInvalidInput when the columns are not those of `open`.
[[nodiscard]] Result<std::vector<SentRow>> merge_corrections(const QuarantinedRows& open,
                                                             const CorrectedFile& corrected,
                                                             std::vector<Issue>& issues);

}  // namespace homeroom::run
