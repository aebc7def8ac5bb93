#pragma once

// A page about a data set for the person who sends its file.

#include <cstdint>
#include <string>

#include "contract/contract.h"

namespace homeroom::publish {

enum class PageFormat : std::uint8_t { kMarkdown, kHtml };

/// What a row is, which columns there are, what they may hold, under which headers they are known,
/// and what becomes of a row that is wrong. HTML is one file without anything beside it.
[[nodiscard]] std::string write_contract_page(const contract::Contract& contract,
                                              PageFormat format);

}  // namespace homeroom::publish
