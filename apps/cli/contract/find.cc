#include "contract/find.h"

#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace homeroom::cli {

Result<const contract::Contract*> find_dataset(const contract::ContractSet& contracts,
                                               const std::string& name) {
  if (const contract::Contract* found = contracts.find(name)) return found;
  std::vector<std::string> known;
  for (const contract::Contract& contract : contracts.contracts()) known.push_back(contract.name);
  const std::string_view near = nearest(name, known);
  return fail(ErrorCode::kConfig, fmt::format("there is no data set {}", name),
              near.empty() ? fmt::format("known are {}", join(known, ", "))
                           : fmt::format("did you mean {}?", near));
}

}  // namespace homeroom::cli
