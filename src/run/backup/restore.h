#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "contract/contract.h"
#include "io/postgres/postgres.h"

namespace homeroom::run {

/// Fills a database that Homeroom was never in from a backup's dump, and brings it up to this
/// program. `admin` is a session at `url` that may make roles and schemas.
/// Errors: kConfig where Homeroom's schemas are there already; kDatabase.
[[nodiscard]] Status restore_warehouse(io::Connection& admin, const std::string& url,
                                       const std::filesystem::path& dump,
                                       const contract::ContractSet& contracts);

}  // namespace homeroom::run
