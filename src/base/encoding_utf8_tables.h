#pragma once

// Tables for finding mistakes in UTF-8 by vectors.
//
// Source: Keiser and Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte", 2021: three
// tables by half bytes give the mistakes that two neighbours can make together; a mistake that
// all three agree on is one.

#include <array>
#include <cstdint>

namespace homeroom::utf8 {

// Mistakes, a bit each. Two that cannot be told apart by their second byte share the sixth.
inline constexpr std::uint8_t kTooShort = 1;            // a lead byte, then no continuation
inline constexpr std::uint8_t kTooLong = 2;             // ASCII, then a continuation
inline constexpr std::uint8_t kOverlong3 = 4;           // E0, then less than A0
inline constexpr std::uint8_t kTooLarge = 8;            // F4, then more than 8F; F5 and more
inline constexpr std::uint8_t kSurrogate = 16;          // ED, then more than 9F
inline constexpr std::uint8_t kOverlong2 = 32;          // C0 or C1
inline constexpr std::uint8_t kTooLargeOr4 = 64;        // F5 and more, then 8x; F0, then below 90
inline constexpr std::uint8_t kTwoContinuations = 128;  // right only as 3rd and 4th bytes

inline constexpr std::uint8_t kCarry = kTooShort | kTooLong | kTwoContinuations;
inline constexpr std::uint8_t kLarge = kCarry | kTooLarge | kTooLargeOr4;
inline constexpr std::uint8_t kAny = kTooLong | kOverlong2 | kTwoContinuations;

using Table = std::array<std::uint8_t, 16>;

/// By the upper half of the first byte.
alignas(16) inline constexpr Table kFirstHigh = {kTooLong,
                                                 kTooLong,
                                                 kTooLong,
                                                 kTooLong,
                                                 kTooLong,
                                                 kTooLong,
                                                 kTooLong,
                                                 kTooLong,
                                                 kTwoContinuations,
                                                 kTwoContinuations,
                                                 kTwoContinuations,
                                                 kTwoContinuations,
                                                 kTooShort | kOverlong2,
                                                 kTooShort,
                                                 kTooShort | kOverlong3 | kSurrogate,
                                                 kTooShort | kTooLarge | kTooLargeOr4};

/// By its lower half.
alignas(16) inline constexpr Table kFirstLow = {kCarry | kOverlong3 | kOverlong2 | kTooLargeOr4,
                                                kCarry | kOverlong2,
                                                kCarry,
                                                kCarry,
                                                kCarry | kTooLarge,
                                                kLarge,
                                                kLarge,
                                                kLarge,
                                                kLarge,
                                                kLarge,
                                                kLarge,
                                                kLarge,
                                                kLarge,
                                                kLarge | kSurrogate,
                                                kLarge,
                                                kLarge};

/// By the upper half of the second byte.
alignas(16) inline constexpr Table kSecondHigh = {kTooShort,
                                                  kTooShort,
                                                  kTooShort,
                                                  kTooShort,
                                                  kTooShort,
                                                  kTooShort,
                                                  kTooShort,
                                                  kTooShort,
                                                  kAny | kOverlong3 | kTooLargeOr4,
                                                  kAny | kOverlong3 | kTooLarge,
                                                  kAny | kSurrogate | kTooLarge,
                                                  kAny | kSurrogate | kTooLarge,
                                                  kTooShort,
                                                  kTooShort,
                                                  kTooShort,
                                                  kTooShort};

/// Third and fourth bytes are what must be, and alone may be, continuations after continuations:
/// the byte two before is above DF, or the one three before is above EF.
inline constexpr std::uint8_t kBelowLeadOf3 = 0xE0 - 0x80;
inline constexpr std::uint8_t kBelowLeadOf4 = 0xF0 - 0x80;

}  // namespace homeroom::utf8
