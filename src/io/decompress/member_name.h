#pragma once

// Names of files in archives. Internal to src/io/decompress.

#include <string>
#include <string_view>

namespace homeroom::io {

/// "./a//b.csv" as "a/b.csv"; the name says the same.
[[nodiscard]] std::string plain_member_name(std::string_view name);

/// Why no file may have this name ("it has .. in it"); empty when it may. We write to no path of an
/// archive, but others may, and nobody gives a file such a name by accident.
[[nodiscard]] std::string_view refusal_of_name(std::string_view name);

/// True for what macOS stores beside "x.csv": its attributes, and a folder's view.
[[nodiscard]] bool is_of_macos(std::string_view name);

}  // namespace homeroom::io
