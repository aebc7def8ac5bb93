#pragma once

// Phase 0: files that are no text at all, told by their first bytes.

#include <string_view>

#include "base/result.h"

namespace homeroom::sniff {

/// Errors: kInvalidInput when `head` is empty or starts like a PDF, a workbook, an archive, an
/// image, a program, a database: named, with what to do instead.
[[nodiscard]] Status refuse_binary(std::string_view head);

/// The same for text that has a form of its own: HTML, XML, JSON, RTF. `text` is UTF-8.
[[nodiscard]] Status refuse_markup(std::string_view text);

}  // namespace homeroom::sniff
