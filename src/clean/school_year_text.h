#pragma once

#include <optional>
#include <string_view>

namespace homeroom::clean {

/// The year a school year ends in, from 1900 to 2100: "2024-25", "2024-2025", "SY2025", "FA23",
/// "Spring 2024". A lone number is the year it starts in when `is_start`. Nothing for other texts
/// and for years that do not follow each other.
[[nodiscard]] std::optional<int> read_school_year(std::string_view text, bool is_start);

}  // namespace homeroom::clean
