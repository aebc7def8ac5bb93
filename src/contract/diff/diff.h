#pragma once

// What differs between two contracts of one data set, and whom it concerns.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "contract/contract.h"

namespace homeroom::contract {

/// Whose work a change may break.
enum class Breaks : std::uint8_t {
  kNobody,
  kReaders,  ///< of the table: a column gone, another type or key, codes or nulls that are new,
             ///< values that are read or made otherwise
  kSenders,  ///< of files: a value that was taken is so no more, a header no longer means a column
};

struct ContractChange {
  std::string dataset;
  std::string column;  ///< empty: of the data set
  std::string part;    ///< "type", "key", "maximum", "codes"
  std::string before;  ///< empty: it was not there
  std::string after;   ///< empty: it is not there
  Breaks breaks = Breaks::kNobody;
};

[[nodiscard]] std::string_view to_string(Breaks breaks);

/// The changes of one data set: those of the data set, then by column in their order, then of the
/// checks under `quality`.
[[nodiscard]] std::vector<ContractChange> diff(const Contract& before, const Contract& after);

/// The changes of all: data sets that are new or gone among them.
[[nodiscard]] std::vector<ContractChange> diff(const ContractSet& before, const ContractSet& after);

}  // namespace homeroom::contract
