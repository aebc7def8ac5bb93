#pragma once

// A contract in the words of another tool: one file in publish/formats/, picked up by the build.

#include <span>
#include <string>
#include <string_view>

#include "contract/contract.h"

namespace homeroom::publish {

/// How a contract is written for another tool. What is described is the clean file or the table:
/// ISO dates, codes, true and false.
struct ContractFormat {
  std::string_view name;
  std::string_view summary;  ///< one sentence for the help and the reference page
  std::string (*write)(const contract::Contract& contract) = nullptr;
};

/// All formats, by name. Generated from formats/*.cc.
[[nodiscard]] std::span<const ContractFormat* const> contract_formats();

/// The format of that name; null when there is none.
[[nodiscard]] const ContractFormat* find_format(std::string_view name);

}  // namespace homeroom::publish
