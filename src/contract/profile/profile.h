#pragma once

// What is peculiar to the exports of one system: its codes, its headers, which year a school year
// given as one number is. A profile stands between the shipped contracts and a district's own.
// docs/reference/profiles.md has the form.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded_file.h"
#include "base/result.h"
#include "contract/problems.h"
#include "contract/yaml_tree.h"

namespace homeroom::contract {

/// A school year given as one number.
enum class SchoolYearIs : std::uint8_t { kUnsaid, kStart, kEnd };

/// How a date that reads both ways is read where nothing in the file tells.
enum class StatedDateOrder : std::uint8_t { kUnsaid, kMonthFirst, kDayFirst };

struct SystemProfile {
  std::string name;  ///< of its file: "powerschool"
  /// A file with all headers of one group is of this system.
  std::vector<std::vector<std::string>> recognized_by;
  std::vector<std::string> bundles;  ///< "OneRoster 1.1": files of such a bundle are, too
  SchoolYearIs school_year = SchoolYearIs::kUnsaid;
  StatedDateOrder date_order = StatedDateOrder::kUnsaid;
  std::string file;  ///< for messages
  std::string text;  ///< of the file, for the contracts made with it
};

/// Headers and codes of a profile, to be put over those of the shipped contracts.
struct ProfileLayer {
  const YamlNode* datasets = nullptr;      ///< data set -> column -> headers; null: none
  const YamlNode* enumerations = nullptr;  ///< as in enumerations*.yaml; null: none
};

[[nodiscard]] bool is_profile_file(std::string_view path);  ///< profiles/NAME.yaml

/// Reads what a profile says of its system. Problems: kConfig naming file and line.
[[nodiscard]] SystemProfile read_profile(const EmbeddedFile& file, const YamlNode& root,
                                         Problems& problems);

/// What a profile changes in contracts and lists.
[[nodiscard]] ProfileLayer layer_of(const YamlNode& root);

/// The profiles compiled into the program (contracts/profiles/ of the repository).
[[nodiscard]] std::span<const EmbeddedFile> shipped_profiles();

}  // namespace homeroom::contract
