#pragma once

// Bytes -> encoding, dialect, header. One file a phase: encoding.h, structure.h, header.h.

#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "table/dialect.h"

namespace homeroom::sniff {

/// How many bytes of a file's start the sniffer wants to see.
inline constexpr std::size_t kSampleBytes = 512 * 1024;

/// What the user or a contract already knows; unset members are guessed.
using Overrides = GivenDialect;

/// Guesses how a file writes its table from its first bytes.
///
/// In:      `head`, the first bytes of the file after decompression, in any encoding; it may end
///          in mid-line (then `is_whole` is false).
/// Out:     a Dialect with a Verdict for encoding, delimiter, quote, escape, header.
///          `former`, the dialect of an earlier file of its kind (may be null), decides where this
///          one's own bytes say too little.
/// Errors:  kInvalidInput when `head` is empty ("the file is empty"), when it is no text (PDF,
///          ZIP, XLSX, image, executable: named by its magic bytes, with what to do), or when it
///          is text but no table (prose, JSON, XML, HTML).
/// Memory:  at most 8 x head.size() bytes.   Threads: pure, call from anywhere.
/// Source:  RFC 4180; van den Burg et al., "Wrangling Messy CSV Files by Detecting Row and Type
///          Patterns", 2019.
///
///     const Dialect dialect = HOMEROOM_TRY(sniff::sniff("id;name\n1;Ada\n", true));
///     // dialect.delimiter == ";", dialect.header_lines == 1, dialect.num_columns == 2
[[nodiscard]] Result<Dialect> sniff(std::string_view head, bool is_whole,
                                    const Overrides& overrides = {},
                                    const Dialect* former = nullptr);

}  // namespace homeroom::sniff
