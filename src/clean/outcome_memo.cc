#include "clean/outcome_memo.h"

#include <cstdint>
#include <string_view>

#include "clean/short_text.h"

namespace homeroom::clean {
namespace {

// After this many questions one in eight must have had an answer.
constexpr std::uint64_t kFairTrial = 8192;
constexpr std::uint64_t kLeastShare = 8;

}  // namespace

const Outcome* OutcomeMemo::find(std::string_view before) {
  if (slots_.empty()) return nullptr;
  ++num_asked_;
  if (before.size() > kMaxShortText) return nullptr;
  const ShortText key = short_text(before);
  const Outcome& outcome = slots_[key.hash() & (num_slots_ - 1)];
  if (!(outcome.before == key)) return nullptr;
  ++num_found_;
  return &outcome;
}

Outcome* OutcomeMemo::slot_for(std::string_view before) {
  if (before.empty() || before.size() > kMaxShortText) return nullptr;
  if (slots_.empty()) slots_.resize(num_slots_);
  const ShortText key = short_text(before);
  Outcome& outcome = slots_[key.hash() & (num_slots_ - 1)];
  outcome.before = key;
  outcome.changed_by = 0;
  return &outcome;
}

bool OutcomeMemo::is_useful() const {
  return num_asked_ < kFairTrial || num_found_ * kLeastShare >= num_asked_;
}

}  // namespace homeroom::clean
