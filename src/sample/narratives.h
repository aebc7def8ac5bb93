#pragma once

// What staff write about an incident, without a name.

#include <string_view>

namespace homeroom::sample {

struct Narrative {
  std::string_view behavior;
  std::string_view location;
  std::string_view text;
};

/// A narrative that fits `behavior`, the same for the same `index`; null for every fifth incident
/// and for a behavior that has none.
[[nodiscard]] const Narrative* find_narrative(std::string_view behavior, int index);

}  // namespace homeroom::sample
