#pragma once

// A value that a file gives as one, taken apart: "Ruiz, Ana M., Jr." and "85.12 B+".

#include <array>
#include <string_view>

#include "contract/part.h"

namespace homeroom::shape {

/// The parts of a value, views of its text, by contract::Part; empty: it has none.
struct Parts {
  std::array<std::string_view, contract::kPartNames.size()> texts;

  [[nodiscard]] std::string_view operator[](contract::Part part) const {
    return texts[static_cast<std::size_t>(part)];
  }

  /// Nothing was taken apart.
  [[nodiscard]] bool is_empty() const;
};

/// A person's name in the form "Last, First M., Jr.". Each of its words has one place, or nothing
/// is taken apart: not "Ana Ruiz" (which is first?), "Ruiz, Ana Maria" (two first names, or one and
/// a middle one?), "Ruiz, Ana V" (an initial, or the fifth?), and nothing with digits or brackets.
[[nodiscard]] Parts name_parts(std::string_view name);

/// A course mark of a percentage and a letter: "85.12 B+", "B+ (85.12 %)". A number below 20 beside
/// another letter than F is a grade point, so that nothing is taken apart.
[[nodiscard]] Parts mark_parts(std::string_view mark);

}  // namespace homeroom::shape
