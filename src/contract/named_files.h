#pragma once

// Files known by their name: how they are written, and which data set they are.

#include <string>
#include <string_view>

#include "base/result.h"
#include "contract/contract.h"
#include "contract/match.h"
#include "contract/yaml_tree.h"

namespace homeroom::contract {

/// What the contracts say of a file before it is read.
struct KnownFile {
  const Contract* contract = nullptr;  ///< none: its name says nothing
  const NamedFiles* files = nullptr;
};

/// A delimiter as people write it in contracts and flags: "tab", "comma", "semicolon", "pipe",
/// "space", "\t"; any other text is itself.
[[nodiscard]] std::string delimiter_from_word(const std::string& word);

/// The one entry of `homeroom.files` that the name fits, in any case.
/// Errors: kConfig when two data sets claim it.
[[nodiscard]] Result<KnownFile> find_by_name(const ContractSet& contracts, const FileName& name);

/// Sets `contract.files` from the value of `homeroom.files`. Errors: kConfig with file and line.
[[nodiscard]] Status apply_named_files(std::string_view file, const YamlNode& value,
                                       std::string_view name, Contract& contract);

}  // namespace homeroom::contract
