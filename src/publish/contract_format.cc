#include "publish/contract_format.h"

#include <algorithm>

namespace homeroom::publish {

const ContractFormat* find_format(std::string_view name) {
  const auto all = contract_formats();
  const auto found = std::ranges::find(all, name, &ContractFormat::name);
  return found == all.end() ? nullptr : *found;
}

}  // namespace homeroom::publish
