#pragma once

#include <string>
#include <string_view>

namespace homeroom::clean {

/// Writes `text` with each run of blanks within a line as one space. False when that is `text`.
bool collapse_blanks(std::string_view text, std::string& out);

}  // namespace homeroom::clean
