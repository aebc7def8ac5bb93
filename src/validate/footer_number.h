#pragma once

// Numbers that a file states behind its rows: "Total,,,1,204.50", "TRL|000123|4567.00".

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "table/batch.h"
#include "validate/quality_check.h"

namespace homeroom::validate {

/// Which of the lines behind the rows is meant, and which of its fields.
struct FooterPlace {
  std::string marked;     ///< how its first text begins, whatever the capitals; empty: anyhow
  std::size_t field = 0;  ///< from 1
};

struct FooterNumber {
  LineNumber line = 0;
  std::string text;  ///< in the form of `parse_decimal`
};

/// A number as people write totals: blanks, a dollar or percent sign and thousands marks go.
[[nodiscard]] std::optional<std::string> plain_number(std::string_view text);

/// The first footer that has a number there.
[[nodiscard]] std::optional<FooterNumber> find_number(std::span<const FooterRow> footers,
                                                      const FooterPlace& place);

/// What the arguments `marked` and `field` say; field 0: not said. Errors: field is no position.
[[nodiscard]] Result<FooterPlace> footer_place(const contract::Quality& quality);

/// What `optional: true` says: that a file which states nothing is right too.
[[nodiscard]] Result<bool> is_optional(const contract::Quality& quality);

}  // namespace homeroom::validate
