#pragma once

// A plain check (validate/checks) that `quality` names, to say how loud it is.

#include <string_view>
#include <vector>

#include "base/result.h"
#include "validate/quality_check.h"

namespace homeroom::validate {

/// The plain checks that `quality` may name: those whose rows can be loaded all the same.
[[nodiscard]] std::vector<std::string_view> plain_checks();

/// The check bound to the column at which `quality` stands. Errors: kConfig when the column does
/// not ask for it, or the quality has arguments.
[[nodiscard]] Result<BoundQuality> bind_plain_check(const contract::Quality& quality,
                                                    const Check& check, const CheckedTable& table,
                                                    const CheckFacts& facts);

/// The plain check of that name; null when there is none that `quality` may name.
[[nodiscard]] const Check* find_plain_check(std::string_view name);

}  // namespace homeroom::validate
