#pragma once

// Phase 4: text that is no table.

#include <string_view>

#include "base/result.h"

namespace homeroom::sniff {

/// For text in which no delimiter was found. One column of ids or names is a table.
/// Errors: kInvalidInput for prose, and for lines of fixed-width fields.
[[nodiscard]] Status refuse_prose(std::string_view text);

}  // namespace homeroom::sniff
