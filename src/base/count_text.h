#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace homeroom {

/// A count as people write it: "57", " 1,204 ". Nothing for anything else.
[[nodiscard]] std::optional<std::uint64_t> count_in(std::string_view text);

}  // namespace homeroom
