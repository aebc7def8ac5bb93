#pragma once

// What a file's name and scope say of it: its kind and its day.

#include <optional>
#include <string_view>

#include "base/date.h"
#include "catalog/load_history.h"

namespace homeroom::run {

/// The kind of a file: source, data set, name without its digits, and of the slot's scope what is
/// no day and no school year. Its day: that of its rows when all have the same, else that in its
/// name.
[[nodiscard]] catalog::LoadKind kind_of(std::string_view source, std::string_view dataset,
                                        std::string_view path, std::string_view scope);

/// The last "2025-11-03" or "20251103" of a file's name that stands by itself among its digits.
[[nodiscard]] std::optional<CivilDate> date_in_name(std::string_view name);

}  // namespace homeroom::run
