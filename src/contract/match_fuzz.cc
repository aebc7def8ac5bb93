// Property: whatever the header and the name, one match is made for each column, no column of the
// contract is taken twice but by groups of a wide file, and the table's name is usable.

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "contract/contract.h"
#include "contract/match.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace homeroom;
  static const contract::ContractSet set = contract::ContractSet::load("").value();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> header;
  for (const std::string_view name : split(text, ',')) header.emplace_back(name);
  const auto name = contract::split_file_name(header.front(), header.back());
  const std::string table = contract::table_name(name, set);
  if (table.empty() || table.size() > 63 || set.find(table) != nullptr) __builtin_trap();
  const auto match = contract::match_file(set, header, name);
  if (!match) return 0;
  if (match->columns.size() != header.size() || match->score < 0 || match->score > 1) {
    __builtin_trap();
  }
  std::set<int> taken;
  for (const contract::ColumnMatch& column : match->columns) {
    if (column.column < 0 || column.reason == contract::MatchReason::kUnpivot) continue;
    if (!taken.insert(column.column).second) __builtin_trap();
  }
  return 0;
}
