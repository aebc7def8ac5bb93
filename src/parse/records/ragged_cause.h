#pragma once

// Why a row has more or fewer fields than the header.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "table/cell.h"

namespace homeroom::parse {

struct LikelyCause {
  std::string text;          ///< empty: nothing is likely
  std::uint32_t column = 0;  ///< where, from 1; 0: not known
};

/// The likely cause, by laying `cells` beside `neighbour`, a row of the right width: "unquoted
/// comma in column 3?" when dividing one field explains all others, "missing comma after column
/// 2?" when two fields ran together. Empty when no place, or more than one, explains the row.
[[nodiscard]] LikelyCause likely_cause(std::span<const Cell> cells, std::span<const Cell> neighbour,
                                       std::string_view delimiter);

/// "comma", "tab", ...; the delimiter in quotes when it has no name.
[[nodiscard]] std::string delimiter_name(std::string_view delimiter);

}  // namespace homeroom::parse
