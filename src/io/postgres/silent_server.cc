#include "io/postgres/silent_server.h"

#include <string>
#include <utility>

#include <fmt/format.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include "base/result.h"
#include "io/postgres/postgres.h"

namespace homeroom::io {
namespace {

using std::chrono::milliseconds;

// Two pauses and two looks fit into the time that the network has.
constexpr int kPartsOfTheTime = 4;
constexpr int kBadLooks = 2;

// One who waits for the client, be it to read or to write, does nothing for us. Where the server
// does not track what its sessions do, being there is enough.
constexpr const char* kLook = R"(
select
    a.state like 'idle%' or a.wait_event_type = 'Client'
from pg_stat_activity as a
where a.pid = {}
)";

// A server that turns us away is alive; one that starts has ended our session.
bool turns_us_away(const Error& error) {
  return error.detail.find("FATAL") != std::string::npos &&
         error.detail.find("the database system is") == std::string::npos;
}

bool works_for_us(const std::string& address, int backend, milliseconds timeout) {
  auto other = Connection::connect(address, {.connect_timeout = timeout,
                                             .statement_timeout = timeout,
                                             .network_timeout = milliseconds::zero(),
                                             .application_name = "homeroom looks"});
  if (!other) return turns_us_away(other.error());
  const auto rows = other->execute(fmt::format(fmt::runtime(kLook), backend));
  return rows && rows->num_rows() == 1 && rows->text(0, 0) != "t";
}

int num_unsent_bytes(int socket) {
  int bytes = 0;
  return ::ioctl(socket, SIOCOUTQ, &bytes) == 0 ? bytes : 0;
}

}  // namespace

SilentServer::SilentServer(const std::string& address, int backend, milliseconds network_timeout)
    : address_(&address),
      backend_(network_timeout > milliseconds::zero() ? backend : 0),
      pause_(network_timeout / kPartsOfTheTime),
      next_look_(backend_ == 0 ? Deadline::never() : Deadline::after(pause_)) {}

bool SilentServer::is_lost(int socket) {
  if (backend_ == 0 || !next_look_.has_passed()) return false;
  const int before = std::exchange(num_unsent_, num_unsent_bytes(socket));
  const bool is_well = num_unsent_ < before || works_for_us(*address_, backend_, pause_);
  num_bad_looks_ = is_well ? 0 : num_bad_looks_ + 1;
  next_look_ = Deadline::after(pause_);
  return num_bad_looks_ >= kBadLooks;
}

}  // namespace homeroom::io
