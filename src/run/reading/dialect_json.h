#pragma once

// How files are written, as the ledger keeps it.

#include <optional>
#include <string>
#include <string_view>

#include "table/dialect.h"

namespace homeroom::run {

[[nodiscard]] std::string to_json_text(const GivenDialect& given);

/// Nothing for a text that is no such JSON: a later version may have written it.
[[nodiscard]] std::optional<GivenDialect> given_from_json(std::string_view text);

/// What `to_json` (report.h) wrote of a dialect, its verdicts left out.
[[nodiscard]] std::optional<Dialect> dialect_from_json(std::string_view text);

}  // namespace homeroom::run
