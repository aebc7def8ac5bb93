#pragma once

// Phase 4: text that is no table.

#include <string_view>

#include "base/result.h"

namespace homeroom::sniff {

/// For text in which no usual delimiter was found.
/// Errors: kInvalidInput for lines of fields that are told apart by where they stand.
[[nodiscard]] Status refuse_fixed_width(std::string_view text);

/// For text in which no delimiter was found, or one that does not fit well. One column of ids or
/// names is a table.
/// Errors: kInvalidInput for prose.
[[nodiscard]] Status refuse_prose(std::string_view text);

}  // namespace homeroom::sniff
