// Property: every text is either refused with a message that names its file, or makes a set whose
// contracts are found by name and whose headers match back to a column of the contract.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "contract/contract.h"
#include "contract/match.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace homeroom;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool is_lists = size > 0 && (data[0] & 1) != 0;
  const std::vector<EmbeddedFile> files = {
      {is_lists ? "enumerations.yaml" : "fuzz.odcs.yaml", size > 0 ? text.substr(1) : text}};
  const auto set = contract::ContractSet::from_files(files);
  if (!set) {
    if (set.error().message.empty() || set.error().code != ErrorCode::kConfig) __builtin_trap();
    return 0;
  }
  if (set->hash().size() != 8) __builtin_trap();
  for (const contract::Contract& contract : set->contracts()) {
    if (set->find(contract.name) != &contract) __builtin_trap();
    std::vector<std::string> header;
    for (const contract::Column& column : contract.columns) header.push_back(column.name);
    const auto match = contract::match_to(*set, contract.name, header, {});
    if (match && match->columns.size() != header.size()) __builtin_trap();
  }
  return 0;
}
