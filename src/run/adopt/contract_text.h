#pragma once

// The text of a contract made from a file.

#include <string>
#include <vector>

#include "run/adopt/column_study.h"
#include "run/reading/prepare.h"

namespace homeroom::run {

/// What the contract is made of.
struct Draft {
  std::string dataset;
  std::vector<ColumnStudy> columns;
  std::vector<std::size_t> key;  ///< of `columns`; empty: none was found
  std::string key_reason;
  bool is_named = false;  ///< the file is known by its name, since its headers do not tell
};

/// YAML with comments: why each type, key and classification.
[[nodiscard]] std::string write_contract(const Draft& draft, const PreparedFile& file);

}  // namespace homeroom::run
