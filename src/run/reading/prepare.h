#pragma once

// The first pass over a file: what it is, what its columns hold, what its bytes hash to.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"
#include "clean/cleaner.h"
#include "contract/match.h"
#include "contract/profile/profile.h"
#include "io/file.h"
#include "run/bundle/layout.h"
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
  std::vector<clean::ColumnContext> contexts;
  std::optional<RowFilter> filter;  ///< none: every row is meant
  std::string sha256;
  io::FileStamp stamp;  ///< the file as it was when it was hashed
  std::string reading;  ///< what was said of how it is written, as text

  [[nodiscard]] const contract::Contract* contract() const {
    return match ? match->contract : nullptr;
  }

  /// Name of the data set: the contract's, or the table's.
  [[nodiscard]] const std::string& dataset() const {
    return match ? match->contract->name : plan.table.name;
  }

  [[nodiscard]] std::string object_name() const;
};

/// "<stem>-<first 8 digits of the hash>", safe as part of a key.
[[nodiscard]] std::string object_name(std::string_view stem, std::string_view sha256);

/// What the ledger calls a file: its absolute path, and of a file whose rows go to two data sets
/// which part is meant ("/drop/users.csv#staff"), since each part arrives by itself.
[[nodiscard]] std::string ledger_path(const source::InputFile& input);
/// The path again, of a part taken for `dataset`.
[[nodiscard]] std::string path_of_part(std::string_view ledger_path, std::string_view dataset);

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
