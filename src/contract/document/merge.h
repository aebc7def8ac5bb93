#pragma once

// A contract as the one document that its files say together, for people and other tools. What the
// program works with is the Contract (contract/contract.h); reading this document gives the same.

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded_file.h"
#include "base/result.h"
#include "contract/yaml_tree.h"

namespace homeroom::contract {

/// `YamlNode::file` of each part is an index in `files`.
struct MergedDocument {
  YamlNode root;
  std::vector<std::string> files;  ///< those that say something of it, in their order
};

/// The document of `dataset`, from all `files` that are about it. What a district took out is not
/// in it, nor are the words that took it out.
/// Errors: kConfig when no file is about the data set, or one of them cannot be read.
[[nodiscard]] Result<MergedDocument> merge_contract(std::span<const EmbeddedFile> files,
                                                    std::string_view dataset);

/// The documents of all data sets, by name. Errors: as above.
[[nodiscard]] Result<std::map<std::string, MergedDocument, std::less<>>> merge_contracts(
    std::span<const EmbeddedFile> files);

}  // namespace homeroom::contract
