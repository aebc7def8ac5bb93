#include "contract/diff/changes.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "base/text.h"

namespace homeroom::contract {
namespace {

// Those of `left` that are not in `right`, in their order.
std::vector<std::string> without(const std::vector<std::string>& left,
                                 const std::vector<std::string>& right) {
  std::vector<std::string> only;
  for (const std::string& each : left) {
    if (std::ranges::find(right, each) == right.end()) only.push_back(each);
  }
  return only;
}

}  // namespace

void Changes::add(std::string_view part, std::string before, std::string after, Breaks breaks) {
  if (before == after) return;
  out_->push_back({.dataset = dataset_,
                   .column = column_,
                   .part = std::string(part),
                   .before = std::move(before),
                   .after = std::move(after),
                   .breaks = breaks});
}

void Changes::add_list(std::string_view part, const std::vector<std::string>& before,
                       const std::vector<std::string>& after, Breaks of_lost, Breaks of_new) {
  const auto lost = without(before, after);
  const auto added = without(after, before);
  if (lost.empty() && added.empty()) {
    add(fmt::format("order of {}", part), join(before, ", "), join(after, ", "), Breaks::kNobody);
    return;
  }
  const Breaks breaks = !lost.empty() && of_lost != Breaks::kNobody ? of_lost
                        : added.empty()                             ? Breaks::kNobody
                                                                    : of_new;
  add(part, join(lost, ", "), join(added, ", "), breaks);
}

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

bool is_tighter(const std::optional<std::string>& before, const std::optional<std::string>& after,
                Tighter tighter) {
  if (!after) return false;
  if (!before) return true;
  const auto from = number_in(*before);
  const auto to = number_in(*after);
  const bool is_higher = from && to ? *to > *from : *after > *before;
  return (tighter == Tighter::kHigher) == is_higher;
}

}  // namespace homeroom::contract
