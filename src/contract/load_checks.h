#pragma once

// What is judged of a file at load, beside what was loaded before, and how loud.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace homeroom::contract {

/// What a check does at most.
enum class CheckAction : std::uint8_t {
  kNothing,
  kWarn,        ///< the file's report says so
  kQuarantine,  ///< the rows are set aside; of checks that judge rows
  kHold,        ///< nothing of the file is loaded until a person has looked
};

/// Rows against those of earlier files of the kind.
struct VolumeCheck {
  CheckAction action = CheckAction::kHold;
  double warn_drop = 0.25;    ///< share fewer rows than the median from which it warns
  double hold_drop = 0.40;    ///< ... from which it holds
  double max_deviation = 6;   ///< more than so many deviations from the median hold, up or down
  std::size_t min_loads = 5;  ///< earlier files needed; with fewer it learns
  std::size_t history = 10;   ///< how many of the latest are looked at
};

/// Empty cells of a column against earlier files.
struct NullRateCheck {
  CheckAction action = CheckAction::kWarn;
  double max_rise = 0.10;  ///< as a share of the rows
};

/// Codes of a list that no earlier file had.
struct NewCodesCheck {
  CheckAction action = CheckAction::kWarn;
};

/// How the values of a column are distributed against earlier files.
struct DriftCheck {
  CheckAction action = CheckAction::kWarn;
  double max_psi = 0.2;          ///< population stability index
  std::size_t min_values = 200;  ///< with fewer values chance alone moves it
};

/// Rows of days on which the school's calendar has no school.
struct SchoolDayCheck {
  CheckAction action = CheckAction::kWarn;
  std::string date;    ///< column of the day; empty: nothing is judged
  std::string school;  ///< column of the school
};

/// When a file is to be there, on each school day: `slaProperties`.
struct Freshness {
  /// Since midnight; nothing: files come when they come.
  std::optional<std::chrono::minutes> time_of_day;
  std::chrono::minutes grace{30};
};

struct LoadChecks {
  VolumeCheck volume;
  NullRateCheck null_rate;
  NewCodesCheck new_codes;
  DriftCheck drift;
  SchoolDayCheck school_day;
  Freshness freshness;
};

}  // namespace homeroom::contract
