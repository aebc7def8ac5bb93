#pragma once

// What is remembered of how the files of a source are written. Tables `homeroom.reading` and
// `homeroom.run`.

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "io/postgres/postgres.h"

namespace homeroom::catalog {

/// Files that are read alike: one source, and one name but for its digits.
struct FileKind {
  std::string source;
  std::string path;
};

/// What a person said of an earlier file of the kind, as JSON.
struct StoredReading {
  std::string given_json;
  std::int64_t run_id = 0;  ///< whose command said it
};

[[nodiscard]] Result<std::optional<StoredReading>> find_reading(io::Connection& connection,
                                                                const FileKind& kind);

/// The dialect of the last file of the kind that was loaded, as JSON; empty: there is none.
[[nodiscard]] Result<std::string> find_former_dialect(io::Connection& connection,
                                                      const FileKind& kind);

/// The order of day and month that the dates of the last ten loaded files of the kind told, those
/// that told any: "month_first" or "day_first"; empty: none did, or they do not agree.
[[nodiscard]] Result<std::string> find_former_order(io::Connection& connection,
                                                    const FileKind& kind);

/// In the caller's transaction, or in one of its own.
[[nodiscard]] Status remember_reading(io::Connection& connection, const FileKind& kind,
                                      const std::string& given_json, std::int64_t run_id);
[[nodiscard]] Status forget_reading(io::Connection& connection, const FileKind& kind);

}  // namespace homeroom::catalog
