#include "clean/time_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "clean/characters.h"

namespace homeroom::clean {
namespace {

constexpr int kMaxZoneHours = 14;  // Kiribati
constexpr std::size_t kLongestZoneName = 5;

// Takes one to `max_size` digits; -1 when there are none or more.
int take_number(std::string_view& text, std::size_t max_size) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const auto size = static_cast<std::size_t>(std::distance(text.begin(), end));
  if (size == 0 || size > max_size) return -1;
  int number = 0;
  for (const char c : text.substr(0, size)) number = number * 10 + digit_value(c);
  text.remove_prefix(size);
  return number;
}

bool take_mark(std::string_view& text, char mark) {
  if (!text.starts_with(mark)) return false;
  text.remove_prefix(1);
  return true;
}

// ":05" after an hour or minute: two digits below 60.
bool take_sixtieths(std::string_view& text, int& out) {
  if (text.size() < 3 || text[0] != ':' || !is_digit(text[1]) || !is_digit(text[2])) return false;
  if (text[1] > '5') return false;
  out = digit_value(text[1]) * 10 + digit_value(text[2]);
  text.remove_prefix(3);
  return true;
}

void take_fraction(std::string_view& text, TimeText& time) {
  if (text.size() < 2 || text[0] != '.' || !is_digit(text[1])) return;
  const auto end = std::find_if_not(text.begin() + 1, text.end(), is_digit);
  const auto size = static_cast<std::size_t>(std::distance(text.begin(), end));
  time.fraction = text.substr(1, size - 1);
  text.remove_prefix(size);
}

// "AM", "p.m.", "a": makes the hour one of 24.
bool take_half_day(std::string_view& text, int& hour) {
  std::string_view rest = trim(text);
  if (rest.empty()) return true;
  const char half = lower(rest.front());
  if (half != 'a' && half != 'p') return true;
  rest.remove_prefix(1);
  take_mark(rest, '.');
  if (!rest.empty() && lower(rest.front()) == 'm') rest.remove_prefix(1);
  take_mark(rest, '.');
  if (!rest.empty() && is_letter(rest.front())) return true;  // a zone's name: AST, PDT
  if (hour > 12 || (hour == 0 && half == 'p')) return false;
  hour = hour % 12 + (half == 'p' ? 12 : 0);
  text = rest;
  return true;
}

// Names that tell the distance from UTC: RFC 5322, section 4.3. "AST" is Alaska's to some.
struct NamedZone {
  std::string_view name;
  int hours = 0;
};

constexpr std::array<NamedZone, 11> kZones = {{{"Z", 0},
                                               {"UTC", 0},
                                               {"GMT", 0},
                                               {"EST", -5},
                                               {"EDT", -4},
                                               {"CST", -6},
                                               {"CDT", -5},
                                               {"MST", -7},
                                               {"MDT", -6},
                                               {"PST", -8},
                                               {"PDT", -7}}};

// "Z", "UTC", "-0400", "+05:30", "EST"
bool take_zone(std::string_view text, TimeText& time) {
  text = trim(text);
  if (text.empty()) return true;
  for (const NamedZone& zone : kZones) {
    if (!equals_ignoring_case(text, zone.name)) continue;
    time.has_zone = true;
    time.zone_minutes = zone.hours * 60;
    return true;
  }
  if (std::ranges::all_of(text, is_letter)) {
    time.has_unknown_zone = true;
    return text.size() <= kLongestZoneName;
  }
  const bool is_behind = text.front() == '-';
  if (!is_behind && text.front() != '+') return false;
  text.remove_prefix(1);
  const bool has_colon = text.size() == 5 && text[2] == ':';
  if (text.size() != 2 && text.size() != 4 && !has_colon) return false;
  std::string_view hour_text = text.substr(0, 2);
  const int hours = take_number(hour_text, 2);
  text.remove_prefix(has_colon ? 3 : 2);
  const int minutes = text.empty() ? 0 : take_number(text, 2);
  if (hours < 0 || hours > kMaxZoneHours || minutes < 0 || minutes > 59 || !text.empty() ||
      !hour_text.empty()) {
    return false;
  }
  time.has_zone = true;
  time.zone_minutes = (hours * 60 + minutes) * (is_behind ? -1 : 1);
  return true;
}

}  // namespace

std::optional<TimeText> read_time(std::string_view text) {
  TimeText time;
  time.hour = take_number(text, 2);
  if (time.hour < 0 || time.hour > 23) return std::nullopt;
  if (!take_sixtieths(text, time.minute)) {
    // "9 AM": a bare hour needs its half of the day.
    const std::string_view before = text;
    if (!take_half_day(text, time.hour) || text.size() == before.size()) return std::nullopt;
  } else {
    if (text.starts_with(':') && !take_sixtieths(text, time.second)) return std::nullopt;
    take_fraction(text, time);
    if (!take_half_day(text, time.hour)) return std::nullopt;
  }
  if (!take_zone(text, time)) return std::nullopt;
  return time;
}

void write_time(const TimeText& time, char* out) {
  out = write_two_digits(time.hour, out);
  *out++ = ':';
  out = write_two_digits(time.minute, out);
  *out++ = ':';
  write_two_digits(time.second, out);
}

}  // namespace homeroom::clean
