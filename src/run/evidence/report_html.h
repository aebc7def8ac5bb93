#pragma once

// The report as a page that a clerk can read: one file of HTML without scripts, images or anything
// from elsewhere, for light and dark screens, desk and phone.

#include <span>
#include <string>
#include <string_view>

#include "run/report.h"

namespace homeroom::run {

/// Samples hold values of the file, and so does the page: it says so, and is kept like the file.
/// Whatever stands in a cell, a header or a path is shown as text, never taken for HTML.
[[nodiscard]] std::string to_html(std::span<const FileReport> reports, Command command);

/// `text` for HTML, between tags or in an attribute's quotes. Control characters are shown by their
/// signs, and bytes that are no UTF-8 by U+FFFD.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace homeroom::run
