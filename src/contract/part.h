#pragma once

// Parts of a value that a file gives as one: a name, a mark. Which parts there are; src/shape takes
// them apart.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace homeroom::contract {

enum class Part : std::uint8_t {
  kLast,  ///< of a person's name
  kFirst,
  kMiddle,
  kSuffix,  ///< Jr., III
  kNumber,  ///< of a course mark: 85.12 of "85.12 B+"
  kLetter,
};

inline constexpr std::array<std::string_view, 6> kPartNames = {"last",   "first",  "middle",
                                                               "suffix", "number", "letter"};

/// The part of that name, as homeroom.partOf states it.
[[nodiscard]] constexpr std::optional<Part> find_part(std::string_view name) {
  for (std::size_t i = 0; i < kPartNames.size(); ++i) {
    if (kPartNames[i] == name) return static_cast<Part>(i);
  }
  return std::nullopt;
}

/// Is it of a mark? Else of a name.
[[nodiscard]] constexpr bool is_of_mark(Part part) {
  return part == Part::kNumber || part == Part::kLetter;
}

}  // namespace homeroom::contract
