#pragma once

// What the private PostgreSQL says when it does not start. Internal to src/io/private_postgres.cc.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace homeroom::io {

/// How far each log file of a folder reached at a moment.
using LogPosition = std::map<std::filesystem::path, std::uint64_t>;

[[nodiscard]] LogPosition log_position(const std::filesystem::path& folder);

/// What was written since, the latest 64 KiB of each file.
[[nodiscard]] std::string log_since(const std::filesystem::path& folder,
                                    const LogPosition& position);

/// "PostgreSQL did not start" with the reason, as far as `text` names one that a person can mend;
/// its last lines are the detail.
[[nodiscard]] Error explain_server_text(std::string_view what, std::string_view text,
                                        const std::filesystem::path& folder);

}  // namespace homeroom::io
