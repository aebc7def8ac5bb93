#pragma once

// A number read with what its column tells about marks.

#include <string_view>

#include "clean/number_text.h"
#include "clean/rule.h"

namespace homeroom::clean {

/// A number, or why it is none; `reason` is empty when it is one.
struct NumberReading {
  NumberText number;
  std::string_view reason;
};

[[nodiscard]] NumberReading read_column_number(const ColumnContext& context, std::string_view text);

}  // namespace homeroom::clean
