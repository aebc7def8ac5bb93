#pragma once

// How files are written, as the ledger keeps it.

#include <optional>
#include <string>
#include <string_view>

#include "clean/profile.h"
#include "table/dialect.h"

namespace homeroom::run {

[[nodiscard]] std::string to_json_text(const GivenDialect& given);

/// Nothing for a text that is no such JSON: a later version may have written it.
[[nodiscard]] std::optional<GivenDialect> given_from_json(std::string_view text);

/// What `to_json` (report.h) wrote of a dialect, its verdicts left out.
[[nodiscard]] std::optional<Dialect> dialect_from_json(std::string_view text);

/// "month_first" or "day_first"; empty for other orders.
[[nodiscard]] std::string_view name_of(clean::DateOrder order);
/// kNone for what is neither.
[[nodiscard]] clean::DateOrder order_named(std::string_view name);

/// The dialect as JSON, with the order of its dates that the file's own values told, and the one in
/// which they were read.
[[nodiscard]] std::string ledger_json(const Dialect& dialect, clean::DateOrder told,
                                      clean::DateOrder read);
/// The order in which the dates of a file were read, by what the ledger keeps of its dialect.
[[nodiscard]] clean::DateOrder order_in_ledger(std::string_view dialect_json);

}  // namespace homeroom::run
