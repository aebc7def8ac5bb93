#pragma once

// Which system a file is of, and what follows from it for its columns.

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "clean/cleaner.h"
#include "clean/profile.h"
#include "contract/match.h"
#include "run/reading/prepare.h"
#include "run/report.h"
#include "run/settings.h"
#include "table/issue.h"

namespace homeroom::run {

/// Sets `file.contracts` and `file.profile` from what was said, from the bundle or from the header,
/// and tells of it in `report`. Errors: kConfig for a profile that there is not.
[[nodiscard]] Status choose_profile(const Settings& settings, bool has_header, PreparedFile& file,
                                    FileReport& report);

/// The order of day and month that the dates of declared columns tell, where they agree; else
/// kNone.
[[nodiscard]] clean::DateOrder told_order(const PreparedFile& file,
                                          std::span<const clean::ColumnProfile> profiles);

enum class DecidedBy : std::uint8_t {
  kOthers,       ///< the file, its contract or its system's profile; or nothing
  kFormerFiles,  ///< what earlier files of its kind told
};

/// Where dates of a declared column read both ways and nothing in the file decides, the contract
/// does, else the profile, else what earlier files told.
DecidedBy decide_dates(const PreparedFile& file, std::vector<clean::ColumnProfile>& profiles);

/// What is told of a file whose dates earlier files decided.
[[nodiscard]] Issue former_order_issue(clean::DateOrder order);

}  // namespace homeroom::run
