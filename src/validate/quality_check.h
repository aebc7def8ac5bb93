#pragma once

// A check that a contract asks for under `quality`: one file in validate/quality/, picked up by the
// build. Its examples are its tests and its page in the reference.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "contract/quality/quality.h"
#include "table/issue.h"
#include "validate/check.h"
#include "validate/row_hash.h"

namespace homeroom::validate {

/// How many rows a manifest says that the file has.
struct StatedCount {
  std::uint64_t num_rows = 0;
  std::string by;  ///< "manifest.csv line 3"
};

/// What checks need to know of the file besides its rows.
struct CheckFacts {
  std::string file_name;                ///< without folder and extensions
  std::vector<std::string> header;      ///< of the file
  std::vector<int> header_columns;      ///< of each: index in the contract; -1: not known to it
  std::vector<std::uint8_t> is_absent;  ///< by column of the table, not 0: the file has none
  std::optional<CivilDate> today;       ///< of the run; without it nothing is in the future
  std::filesystem::path scratch;        ///< an existing folder for temporary files
  std::size_t memory_bytes = std::size_t{16} << 20U;  ///< of one check, before it uses that
  HashSecret hash_secret = {};                        ///< programs make it a secret
  std::optional<StatedCount> manifest = {};           ///< none, or it does not count the file
};

/// What is known of a file once its last row was read.
struct FileEnd {
  std::uint64_t num_rows = 0;               ///< its records, bad ones too
  std::span<const FooterRow> footers = {};  ///< what stands behind them
};

/// What a check says of a file as a whole.
struct FileFinding {
  LineNumber line = 0;               ///< 0: none in particular
  std::uint32_t column = kWholeRow;  ///< of the table
  std::string_view rule = {};
  Severity severity = Severity::kError;
  std::string message = {};
};

/// A row that must not be loaded, known by its line only once all rows were seen.
struct LineProblem {
  LineNumber line = 0;
  std::uint32_t column = kWholeRow;
  std::string_view rule = {};
  std::string reason = {};
};

struct FileVerdict {
  /// Lines beyond it are counted only: a file with so many is not mended line by line.
  static constexpr std::size_t kMostLines = 1'000'000;

  std::vector<FileFinding> findings;
  std::vector<LineProblem> lines;
  std::uint64_t num_lines = 0;  ///< all, those that are only counted too
  LineProblem lowest = {};      ///< of all

  void add_line(LineProblem problem) {
    if (num_lines++ == 0 || problem.line < lowest.line) lowest = problem;
    if (lines.size() < kMostLines) lines.push_back(std::move(problem));
  }
};

/// One check over all rows of a file. Not shared by threads.
class FileChecker {
 public:
  virtual ~FileChecker() = default;
  /// The rows of the next batch; `lines[row]` is where each stands.
  [[nodiscard]] virtual Status observe(const CheckedRows& rows,
                                       std::span<const LineNumber> lines) = 0;

  /// Once, after the last batch.
  virtual void note_end(const FileEnd& /*end*/) {}

  /// Once, after `note_end`. `rule` and `severity` are filled in by the caller.
  [[nodiscard]] virtual Status finish(FileVerdict& out) = 0;

  /// True when it finds single lines: they are set aside, or counted and held against the
  /// contract's bound.
  [[nodiscard]] virtual bool finds_lines() const { return false; }
};

/// One of the two; neither when the file has no column to check.
struct BoundQuality {
  std::unique_ptr<RowChecker> rows = nullptr;
  std::unique_ptr<FileChecker> file = nullptr;
};

/// A check as a contract writes it, some rows, and what is said of them.
struct QualityExample {
  std::string_view yaml;     ///< "{metric: nullValues, mustBe: 0}"
  std::string_view columns;  ///< "name:kind name:kind"; the first is the one the check stands at
  std::string_view rows;     ///< "a|b / c|d": cells between "|", rows between " / "
  std::string_view says;     ///< "line 3, a: is empty; file: ..."; empty: nothing
  bool is_of_dataset = false;
  std::string_view file_name = "clubs_2025-11";
  /// As they stood in the file, in the form of `rows`; empty: as in `rows`.
  std::string_view file_rows = {};
  std::string_view footer = {};  ///< what stands behind the rows, in the form of a row
};

struct QualityCheck {
  std::string_view name;       ///< in the contract, in snake_case; a metric in the standard's form
  std::string_view summary;    ///< one sentence for the reference page
  std::string_view arguments;  ///< names, separated by blanks
  Result<BoundQuality> (*bind)(const contract::Quality& quality, const CheckedTable& table,
                               const CheckFacts& facts) = nullptr;
  std::span<const QualityExample> examples;
  /// Judged at load, beside other tables: src/run/loading. Binding only says what is wrong with it.
  bool is_of_load = false;
};

/// All checks of `quality`, by name. Generated from validate/quality/*.cc.
[[nodiscard]] std::span<const QualityCheck* const> all_quality_checks();

/// The bound check. Errors: kConfig naming file and line, for a check or an argument that there is
/// not, and for what the check cannot do.
[[nodiscard]] Result<BoundQuality> bind_quality(const contract::Quality& quality,
                                                const CheckedTable& table, const CheckFacts& facts);

// For checks.

/// kConfig "contracts/x.yaml, line 12: check row_condition: WHAT".
[[nodiscard]] tl::unexpected<Error> fail_quality(const contract::Quality& quality,
                                                 std::string_view what, std::string hint);

/// `what` with the contract's description: "is empty (clubs are numbered)".
[[nodiscard]] std::string with_why(std::string what, const contract::Quality& quality);

/// The column of that name; null when the file has none. Errors: the contract has none.
[[nodiscard]] Result<const CheckedColumn*> find_column(const contract::Quality& quality,
                                                       const CheckedTable& table,
                                                       const CheckFacts& facts,
                                                       std::string_view name);
/// The column at which the check stands, or which its argument `column` names.
[[nodiscard]] Result<const CheckedColumn*> own_column(const contract::Quality& quality,
                                                      const CheckedTable& table,
                                                      const CheckFacts& facts);
/// Those that an argument lists; empty when the file lacks one. Errors: none is listed.
[[nodiscard]] Result<std::vector<std::uint32_t>> columns_of(const contract::Quality& quality,
                                                            const CheckedTable& table,
                                                            const CheckFacts& facts,
                                                            std::string_view argument);
/// The number that an argument gives, or `otherwise`. Errors: it is no number.
[[nodiscard]] Result<double> number_of(const contract::Quality& quality, std::string_view argument,
                                       double otherwise);

/// True when the figure (decimal text) is what the bound wants.
[[nodiscard]] bool fits(const contract::Bound& bound, std::string_view figure);
/// A hundred times part / whole as a decimal; "0" of nothing.
[[nodiscard]] std::string percent_text(std::uint64_t part, std::uint64_t whole);

/// A check that comes down to one figure, held against the contract's bound.
class FigureChecker : public FileChecker {
 public:
  /// `what` stands before " is 7, must be at most 5". Errors: the contract sets no bound.
  FigureChecker(const contract::Quality& quality, std::uint32_t column, std::string what)
      : quality_(&quality), column_(column), what_(std::move(what)) {}

  [[nodiscard]] Status finish(FileVerdict& out) final;

 private:
  /// Decimal text; nothing where there is no figure, of no values say.
  [[nodiscard]] virtual Result<std::optional<std::string>> figure() = 0;

  const contract::Quality* quality_;
  std::uint32_t column_;
  std::string what_;
};

/// Errors: `quality` says not what its figure must be.
[[nodiscard]] Status need_bound(const contract::Quality& quality);

}  // namespace homeroom::validate
