#pragma once

// The files that contracts are read from: those in the program, then a district's own.

#include <list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded_file.h"
#include "base/result.h"
#include "contract/problems.h"

namespace homeroom::contract {

[[nodiscard]] bool is_contract_file(std::string_view path);     ///< *.odcs.yaml
[[nodiscard]] bool is_enumeration_file(std::string_view path);  ///< enumerations*.yaml

/// Texts with their names. Not shared by threads; the texts live as long as this object.
class ContractFiles {
 public:
  ContractFiles();  ///< the shipped ones

  /// Adds a file, or every *.odcs.yaml, enumerations*.yaml and profiles/*.yaml of a folder in the
  /// order of their names, so that every machine reads the same.
  /// Errors: kConfig for what cannot be read or is larger than 1 MiB.
  [[nodiscard]] Status add(const std::string& path);

  [[nodiscard]] std::span<const EmbeddedFile> all() const { return files_; }

  /// Those that were added.
  [[nodiscard]] std::span<const EmbeddedFile> added() const;

  /// profiles/NAME.yaml of the program, then those of the folders.
  [[nodiscard]] std::span<const EmbeddedFile> profiles() const { return profiles_; }

 private:
  [[nodiscard]] Status add_file(const std::string& path);

  std::vector<EmbeddedFile> files_;
  std::vector<EmbeddedFile> profiles_;
  std::list<std::string> texts_;  ///< whose bytes `files_` views; a list never moves them
};

/// Everything that is wrong with `files`, in their order.
[[nodiscard]] std::vector<Problem> find_problems(std::span<const EmbeddedFile> files);

}  // namespace homeroom::contract
