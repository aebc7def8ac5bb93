#pragma once

// Times of day as people and programs write them.

#include <optional>
#include <string_view>

namespace homeroom::clean {

struct TimeText {
  int hour = 0;  ///< of 24
  int minute = 0;
  int second = 0;
  std::string_view fraction;  ///< digits of a second's parts; may be empty
  bool has_zone = false;
  int zone_minutes = 0;           ///< ahead of UTC
  bool has_unknown_zone = false;  ///< named by letters other than Z, UTC and GMT
};

/// Reads 13:05, 1:05 PM, 09:18:27.130, 14:53Z, 16:06:32 -0400; nothing for any other text or a
/// time that no day has.
[[nodiscard]] std::optional<TimeText> read_time(std::string_view text);

/// Writes HH:MM:SS, 8 bytes.
void write_time(const TimeText& time, char* out);

}  // namespace homeroom::clean
