#pragma once

// What is wrong with contracts: reading goes on behind each problem, so that one look finds all.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace homeroom::contract {

/// Something wrong in a contract or a list of codes.
struct Problem {
  std::string file;
  Error error;  ///< the message names file and line; `position.line` is 0 where none is known
};

/// Gathers problems. Not shared by threads.
class Problems {
 public:
  /// The file that the next problems are of.
  void enter(std::string_view file) { file_ = file; }

  void note(Error error) { all_.push_back({.file = file_, .error = std::move(error)}); }

  void note(Status status) {
    if (!status) note(std::move(status).error());
  }

  /// The value, or nothing after noting why.
  template <class T>
  std::optional<T> take(Result<T> result) {
    if (result) return std::move(*result);
    note(std::move(result).error());
    return std::nullopt;
  }

  [[nodiscard]] std::size_t size() const { return all_.size(); }

  [[nodiscard]] const std::vector<Problem>& all() const { return all_; }

 private:
  std::string file_;
  std::vector<Problem> all_;
};

/// The first of several, with where to see the others. There is one at least.
[[nodiscard]] Error first_problem(const Problems& problems);

}  // namespace homeroom::contract
