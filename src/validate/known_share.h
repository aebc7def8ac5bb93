#pragma once

// What to do with a file some of whose rows name rows that are not there. A pure function.

#include <cstdint>

#include "table/reference.h"

namespace homeroom::validate {

/// What a file's rows came to by one reference.
struct KnownShare {
  std::uint64_t num_rows = 0;       ///< that name something
  std::uint64_t num_unknown = 0;    ///< of them, those whose row is not there
  bool is_given_by_source = false;  ///< the file's source has loaded the other data set before
};

enum class ShareVerdict : std::uint8_t {
  kGood,      ///< nothing to say
  kWarn,      ///< load all, and say so
  kSetAside,  ///< the unknown rows wait or are quarantined, as the reference says; the rest loads
  kHold,      ///< too few are known: a person looks before anything is loaded
};

/// A source that has given its students is expected to know them: too few known rows hold the
/// file. A source that has not may number them its own way: then too few known rows say that its
/// ids are not ours, and the file is loaded as it is. A reference that only warns is judged where
/// the source has given the other data set.
[[nodiscard]] constexpr ShareVerdict judge_known_share(const KnownShare& share,
                                                       const Reference& reference) {
  if (share.num_unknown == 0) return ShareVerdict::kGood;
  if (reference.when_unknown == WhenUnknown::kWarn) {
    return share.is_given_by_source ? ShareVerdict::kWarn : ShareVerdict::kGood;
  }
  const auto num_known = static_cast<double>(share.num_rows - share.num_unknown);
  if (num_known >= reference.min_known_fraction * static_cast<double>(share.num_rows)) {
    return ShareVerdict::kSetAside;
  }
  return share.is_given_by_source ? ShareVerdict::kHold : ShareVerdict::kWarn;
}

}  // namespace homeroom::validate
