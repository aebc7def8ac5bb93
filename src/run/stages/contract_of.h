#pragma once

#include "base/result.h"
#include "contract/contract.h"
#include "run/settings.h"
#include "run/stages/manifest.h"

namespace homeroom::run {

/// The contract that the file was cleaned by, as it is in force here; null for a file of none.
/// Errors: kContract when there is no such contract here, or another version of it.
[[nodiscard]] Result<const contract::Contract*> contract_of(const LoadManifest& manifest,
                                                            const Settings& settings);

}  // namespace homeroom::run
