#pragma once

// Columns that are nobody's business, by their name and by what stands in them.

#include <cstdint>
#include <string>
#include <string_view>

#include "contract/contract.h"

namespace homeroom::run {

/// Why a header says that its column is private: it means such a column of a shipped data set, or
/// has such a word. Empty when it does not.
[[nodiscard]] std::string sensitive_name(const contract::ContractSet& contracts,
                                         const std::string& header);

/// Counts values that look like what is private in itself.
class SensitiveSigns {
 public:
  void observe(std::string_view text);
  /// Why, when half of the values or more look so; empty otherwise.
  [[nodiscard]] std::string reason() const;

 private:
  std::uint64_t num_values_ = 0;
  std::uint64_t num_social_security_ = 0;
  std::uint64_t num_phones_ = 0;
  std::uint64_t num_addresses_ = 0;  ///< of mail
};

}  // namespace homeroom::run
