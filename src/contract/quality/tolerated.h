#pragma once

// Checks that a column's own keys ask for (`required`, `maximum`), and of which `quality` says how
// loud they are: {type: custom, engine: homeroom, severity: warning, implementation: {check:
// range}}

#include <string_view>

#include "contract/contract.h"

namespace homeroom::contract {

/// What the contract says under `quality` of a check of the column; null: nothing, so that each row
/// which breaks it is set aside.
[[nodiscard]] const Quality* find_check(const Contract& contract, std::string_view check,
                                        std::string_view column);

/// True when rows that break the check are loaded all the same.
[[nodiscard]] bool is_tolerated(const Contract& contract, std::string_view check,
                                std::string_view column);

/// True when no row without a value in the column is loaded.
[[nodiscard]] bool is_never_empty(const Contract& contract, const Column& column);

/// The column without the limits that are tolerated, for tools that know only "must".
[[nodiscard]] Column strict_part(const Contract& contract, const Column& column);

/// The column that parts the table: one of the key that is never empty. Empty: none, also where
/// rows are replaced file by file. A district may have stated another key or write mode than the
/// column's mark was made for.
[[nodiscard]] std::string partitioned_by(const Contract& contract);

}  // namespace homeroom::contract
