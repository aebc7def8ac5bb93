#pragma once

// Tells a server that works long from one that we wait for in vain. Internal to src/io/postgres.

#include <chrono>
#include <string>

#include "io/deadline.h"

namespace homeroom::io {

/// One wait for the server. While nothing comes, a second session asks what ours is doing. Twice
/// in a row the answer that it waits for us, that it is not there, or no answer at all: it is lost.
/// A wire that is dead although both of its ends live (a firewall that forgot it) shows in no other
/// way, since a statement may rightly take hours.
class SilentServer {
 public:
  /// `address` must outlive it. `backend`: process that serves us; 0: nobody is asked.
  SilentServer(const std::string& address, int backend, std::chrono::milliseconds network_timeout);

  /// When to ask next; never when nobody is asked.
  [[nodiscard]] const Deadline& next_look() const { return next_look_; }

  /// Asks, when it is time to. `socket` is ours: as long as what we sent leaves it, all is well.
  [[nodiscard]] bool is_lost(int socket);

 private:
  const std::string* address_;
  int backend_;
  std::chrono::milliseconds pause_;
  Deadline next_look_;
  int num_unsent_ = 0;
  int num_bad_looks_ = 0;
};

}  // namespace homeroom::io
