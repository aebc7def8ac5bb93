#pragma once

// What is said about bad data. The run goes on; a person reads these.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "table/batch.h"

namespace homeroom {

enum class Severity : std::uint8_t { kInfo, kWarning, kError };

[[nodiscard]] constexpr std::string_view to_string(Severity severity) {
  constexpr std::string_view kNames[] = {"info", "warning", "error"};
  return kNames[static_cast<std::size_t>(severity)];
}

/// Something found in a file. Never holds a cell's value: `message` says what is wrong with it.
struct Issue {
  LineNumber line = 0;      ///< 0: the file as a whole
  std::uint32_t field = 0;  ///< position of the column in the file, from 1; 0: the whole row
  std::string column;       ///< the column's name; empty: the whole row
  std::string rule;         ///< rule or check that found it: "date_to_iso", "field_count"
  Severity severity = Severity::kError;
  std::string message;     ///< one sentence, no trailing period
  std::string suggestion;  ///< what to write instead, or what to do; may be empty
  /// Where it starts in the file, from 0, or where that is compressed in what comes out of it.
  /// Known of what is wrong with how the file is written.
  std::optional<std::uint64_t> byte_offset = std::nullopt;
};

}  // namespace homeroom
