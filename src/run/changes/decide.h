#pragma once

// What a person decides of changes of tables: each in a transaction of its own, with loads of the
// table held off.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "migrate/shape.h"
#include "migrate/waiting.h"

namespace homeroom::run {

enum class Decision : std::uint8_t {
  kApply,
  kRefuse,
  kRevert,
  kRevertLosing,  ///< values of an added column go with it
};

/// Returns the migration as it is now. Errors: kInvalidInput when there is no such migration; those
/// of migrate/waiting.h.
[[nodiscard]] Result<migrate::MigrationRecord> decide_migration(io::Connection& connection,
                                                                std::int64_t id, Decision decision,
                                                                const std::string& by);

/// Takes what somebody else did to data.<table> for what it is from now on. Returns what that was.
/// Errors: kInvalidInput when nothing was altered; kContract for a column that Homeroom cannot
/// write.
[[nodiscard]] Result<std::vector<migrate::Alteration>> accept_alterations(
    io::Connection& connection, const std::string& table, const std::string& by);

}  // namespace homeroom::run
