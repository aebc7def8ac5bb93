#pragma once

// How a file is read: who has the word, and what is told of it.

#include <cstdint>
#include <optional>

#include "base/double_encoding.h"
#include "clean/profile.h"
#include "contract/named_files.h"
#include "run/report.h"
#include "table/dialect.h"

namespace homeroom::run {

/// What is remembered of how files of its kind are written.
struct Remembered {
  GivenDialect given;             ///< said of an earlier one
  std::int64_t given_by = 0;      ///< run whose command said it; 0: nothing was said
  std::optional<Dialect> former;  ///< of the last one that was loaded
  /// Of day and month, where nothing else decides: as the dates of earlier ones told.
  clean::DateOrder date_order = clean::DateOrder::kNone;
};

/// A file is read alike with both.
[[nodiscard]] bool is_same(const Remembered& left, const Remembered& right);

/// The command's word goes before the contract's, and that before what was said of earlier files.
[[nodiscard]] GivenDialect what_is_said(const GivenDialect& command,
                                        const contract::KnownFile& known,
                                        const Remembered& remembered);

/// What is read by an earlier word (`is_by_memory`: it made a difference), what is written
/// otherwise than before, what is doubtful.
void report_reading(const Remembered& remembered, bool is_by_memory, const Dialect& dialect,
                    FileReport& report);

/// What looks encoded as UTF-8 twice, and letters that were lost before the file came: U+FFFD, of
/// which reading put in `num_replaced`.
void report_double_encoding(const DoubleEncodingCount& count, std::uint64_t num_replaced,
                            const Dialect& dialect, FileReport& report);

}  // namespace homeroom::run
