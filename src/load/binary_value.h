#pragma once

// One value: canonical text -> the bytes PostgreSQL's binary COPY takes for its type.
// Source: the recv functions of PostgreSQL 15 (src/backend/utils/adt: numeric.c, date.c,
// timestamp.c, jsonb.c).

#include <cstddef>
#include <string_view>

#include "table/schema.h"

namespace homeroom::load {

/// Bytes that a value of any type may need beyond its text.
inline constexpr std::size_t kValueOverheadBytes = 32;

/// Writes the value at `out`, where text.size() + kValueOverheadBytes are free, and returns the
/// end; null when `text` is not of the type:
/// - bigint: a whole number of 64 bits; numeric: [-]digits[.digits], at most 131,072 and 16,383;
/// - date: YYYY-MM-DD, years 0001 to 9999; boolean: true or false;
/// - timestamptz: RFC 3339; the part of a second is rounded to microseconds; UTC when the offset
///   is left out;
/// - text, jsonb: any bytes without NUL. (PostgreSQL checks that they are UTF-8 and JSON.)
[[nodiscard]] char* write_binary(SqlType type, std::string_view text, char* out);

/// Network byte order.
[[nodiscard]] char* write_int16(int value, char* out);
[[nodiscard]] char* write_int32(std::int32_t value, char* out);
[[nodiscard]] char* write_int64(std::int64_t value, char* out);

}  // namespace homeroom::load
