#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace homeroom::catalog {

/// `text` as PostgreSQL can store it: UTF-8 without NUL, U+FFFD where it was not.
[[nodiscard]] Result<std::string> stored_text(std::string_view text);

}  // namespace homeroom::catalog
