#pragma once

// Names of people who do not exist, drawn from lists of our own making.

#include <string>

#include "sample/random.h"

namespace homeroom::sample {

enum class Sex : unsigned char { kFemale, kMale, kNonbinary };

/// Federal reporting categories.
enum class Race : unsigned char {
  kWhite,
  kHispanic,
  kBlack,
  kAsian,
  kTwoOrMore,
  kAmericanIndian,
  kPacificIslander,
};

struct PersonName {
  std::string first;
  std::string middle;  ///< often empty
  std::string last;
  std::string suffix;  ///< "Jr.", "II", "III" or empty
};

/// A category in the proportions of the district.
[[nodiscard]] Race draw_race(Random& random);

/// A name; every character of it is in windows-1252.
[[nodiscard]] PersonName draw_name(Random& random, Sex sex, Race race);

/// "Nguyen-Reyes, Ana".
[[nodiscard]] std::string last_first(const PersonName& name);

}  // namespace homeroom::sample
