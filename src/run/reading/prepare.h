#pragma once

// The first pass over a file: what it is, what its columns hold, what its bytes hash to.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"
#include "clean/cleaner.h"
#include "contract/match.h"
#include "contract/named_files.h"
#include "contract/profile/profile.h"
#include "io/file.h"
#include "run/bundle/layout.h"
#include "run/reading/input_stream.h"
#include "run/reading/reading.h"
#include "run/report.h"
#include "run/settings.h"
#include "shape/shape.h"
#include "source/folder.h"
#include "table/dialect.h"

namespace homeroom::run {

/// Some of a file's rows: the others go to another data set, or to none, and are skipped.
struct RowFilter {
  const Layout* layout = nullptr;
  std::size_t column = 0;  ///< of the file, that says whose row it is
  std::shared_ptr<const std::vector<std::uint64_t>> ids;  ///< BundlePlace::ids

  [[nodiscard]] bool keeps(std::string_view value) const;

  bool operator==(const RowFilter&) const = default;
};

/// A file that was read once. Nothing of it is cleaned yet.
struct PreparedFile {
  source::InputFile input;
  contract::FileName name;
  Dialect dialect;
  std::vector<std::string> header;
  const contract::ContractSet* contracts = nullptr;  ///< with the profile, when it has one
  const contract::SystemProfile* profile = nullptr;  ///< of the system it is of; null: not known
  std::optional<contract::Match> match;              ///< none: the file becomes a table of its own
  shape::ShapePlan plan;
  std::vector<clean::ColumnProfile> profiles;  ///< of its columns, over all rows
  std::vector<clean::ColumnContext> contexts;
  std::optional<RowFilter> filter;  ///< none: every row is meant
  std::string sha256;
  io::FileStamp stamp;  ///< the file as it was when it was hashed
  std::string reading;  ///< what was said of how it is written, as text
  /// Of day and month: what earlier files of its kind told, what its own dates tell, and which of
  /// both was taken. kNone: nothing, or they do not agree.
  clean::DateOrder former_order = clean::DateOrder::kNone;
  clean::DateOrder told_order = clean::DateOrder::kNone;
  clean::DateOrder read_order = clean::DateOrder::kNone;

  [[nodiscard]] const contract::Contract* contract() const {
    return match ? match->contract : nullptr;
  }

  /// Name of the data set: the contract's, or the table's.
  [[nodiscard]] const std::string& dataset() const {
    return match ? match->contract->name : plan.table.name;
  }

  [[nodiscard]] std::string object_name() const;

  /// Both are of one data set, and their columns are the same ones of it.
  [[nodiscard]] bool is_matched_like(const PreparedFile& other) const;

  /// The same rows come out of both for the same bytes.
  [[nodiscard]] bool is_cleaned_like(const PreparedFile& other) const;
};

/// A file whose header was read.
struct OpenedFile {
  PreparedFile file;  ///< without what its rows tell
  contract::KnownFile known;
  std::unique_ptr<InputStream> stream;  ///< at the first row
};

/// "<stem>-<first 8 digits of the hash>", safe as part of a key.
[[nodiscard]] std::string object_name(std::string_view stem, std::string_view sha256);

/// What the ledger calls a file: its absolute path, and of a file whose rows go to two data sets
/// which part is meant ("/drop/users.csv#staff"), since each part arrives by itself.
[[nodiscard]] std::string ledger_path(const source::InputFile& input);
/// The path again, of a part taken for `dataset`.
[[nodiscard]] std::string path_of_part(std::string_view ledger_path, std::string_view dataset);

/// Opens `input`, whose raw bytes go to `copy` (may be null) as they are read; the rows are read by
/// whoever calls it, all of them, before `finish_reading`.
/// Errors: as `prepare_file`.
[[nodiscard]] Result<OpenedFile> open_file(const source::InputFile& input, const Settings& settings,
                                           ByteSink* copy, FileReport& report,
                                           const Remembered& remembered);

/// After the last row: the hash, and what was odd about the bytes.
[[nodiscard]] Status finish_reading(OpenedFile& opened, FileReport& report);

/// What is to be done with the rows, by what their columns hold. `file` begins as `opened.file`.
[[nodiscard]] Status plan_file(const OpenedFile& opened, const Settings& settings,
                               std::vector<clean::ColumnProfile> profiles, PreparedFile& file,
                               FileReport& report);

/// Reads all rows of an opened file, and finishes it. Errors: as `prepare_file`.
[[nodiscard]] Result<PreparedFile> prepare_opened(OpenedFile& opened, const Settings& settings,
                                                  FileReport& report);

/// Reads `input` once, writing its raw bytes to `copy` (may be null). Fills what it learns into
/// `report` as it goes: dialect, data set, issues. When the file must be held, `report.status`
/// says so and the result is still good.
/// Errors: the file cannot be read as a table, kIo when `copy` cannot be written; nothing but the
/// report's members is of use then.
[[nodiscard]] Result<PreparedFile> prepare_file(const source::InputFile& input,
                                                const Settings& settings, ByteSink* copy,
                                                FileReport& report,
                                                const Remembered& remembered = {});

}  // namespace homeroom::run
