#pragma once

// The first pass over a file: what it is, what its columns hold, what its bytes hash to.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"
#include "clean/cleaner.h"
#include "contract/match.h"
#include "io/file.h"
#include "run/report.h"
#include "run/settings.h"
#include "shape/shape.h"
#include "source/folder.h"
#include "table/dialect.h"

namespace homeroom::run {

/// A file that was read once. Nothing of it is cleaned yet.
struct PreparedFile {
  source::InputFile input;
  contract::FileName name;
  Dialect dialect;
  std::vector<std::string> header;
  std::optional<contract::Match> match;  ///< none: the file becomes a table of its own
  shape::ShapePlan plan;
  std::vector<clean::ColumnContext> contexts;
  std::string sha256;
  io::FileStamp stamp;  ///< the file as it was when it was hashed

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

/// Reads `input` once, writing its raw bytes to `copy` (may be null). Fills what it learns into
/// `report` as it goes: dialect, data set, issues. When the file must be held, `report.status`
/// says so and the result is still good.
/// Errors: the file cannot be read as a table, kIo when `copy` cannot be written; nothing but the
/// report's members is of use then.
[[nodiscard]] Result<PreparedFile> prepare_file(const source::InputFile& input,
                                                const Settings& settings, ByteSink* copy,
                                                FileReport& report);

}  // namespace homeroom::run
