#pragma once

// The report views as a whole: they stand on one another, so they go and come together.

#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"

namespace homeroom::migrate {

/// What an administrator granted on a view, to be granted again.
struct ViewGrant {
  std::string view;  ///< report.attendance_rate_by_school
  std::string sql;
};

struct DroppedViews {
  bool had_any = false;
  std::vector<ViewGrant> grants;
};

/// Drops the views that Homeroom made here. Inside a transaction, which acts as homeroom_owner
/// from here on.
[[nodiscard]] Result<DroppedViews> drop_views(io::Connection& connection);

/// Makes every view of the program and grants what was granted on those of the same name.
[[nodiscard]] Status create_views(io::Connection& connection, const std::vector<ViewGrant>& grants);

}  // namespace homeroom::migrate
