#pragma once

// Which system a file is of, and what follows from it for its columns.

#include <span>
#include <vector>

#include "base/result.h"
#include "clean/cleaner.h"
#include "clean/profile.h"
#include "contract/match.h"
#include "run/reading/prepare.h"
#include "run/report.h"
#include "run/settings.h"

namespace homeroom::run {

/// Sets `file.contracts` and `file.profile` from what was said, from the bundle or from the header,
/// and tells of it in `report`. Errors: kConfig for a profile that there is not.
[[nodiscard]] Status choose_profile(const Settings& settings, bool has_header, PreparedFile& file,
                                    FileReport& report);

/// Where dates of a declared column read both ways and nothing in the file decides, the profile
/// does.
void decide_dates(const PreparedFile& file, std::vector<clean::ColumnProfile>& profiles);

}  // namespace homeroom::run
