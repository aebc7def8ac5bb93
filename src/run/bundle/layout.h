#pragma once

// Files whose format says by their name what their columns are: OneRoster's, where every id is
// called sourcedId, and one file holds students and staff. A file is known by its name and header
// together, whatever else it came with.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace homeroom::run {

/// Which rows of a file are meant.
enum class RowsMeant : std::uint8_t {
  kAll,
  kByWord,  ///< those with one of `words` in column `column`
  kByUser,  ///< those of the users with one of `words` as their role in another file
};

struct Layout {
  struct Rename {
    std::string_view header;
    std::string_view column;  ///< of the data set; "": none, whatever the header looks like
  };

  std::string_view file = {};                    ///< "users", for users.csv
  std::span<const std::string_view> needs = {};  ///< headers that it has
  std::string_view lacks = {};                   ///< a header that it has not; may be empty
  std::string_view dataset = {};                 ///< "": a table of its own
  std::span<const Rename> renames = {};
  RowsMeant rows = RowsMeant::kAll;
  std::string_view column = {};  ///< that says which rows are meant
  std::span<const std::string_view> words = {};
  std::string_view otherwise = {};  ///< why a row is not meant: "not a student"
  std::string_view key = {};        ///< header of the key of a table of its own
  /// Headers of what a row has one of many of, for each of which the row is repeated. Such columns
  /// are in no table, or the rows would contradict each other under one key.
  std::span<const std::string_view> repeated = {};
};

/// Name of a table of its own made from a OneRoster file.
inline constexpr std::string_view kOneRosterTable = "oneroster_";

/// The layouts of a file with this stem and header, one for each data set that its rows go to.
[[nodiscard]] std::vector<const Layout*> find_layouts(std::string_view stem,
                                                      std::span<const std::string> header);

/// The one of them for `dataset`; null when there is none.
[[nodiscard]] const Layout* find_layout(std::string_view stem, std::span<const std::string> header,
                                        std::string_view dataset);

/// Is there a layout for a file of this name, whatever its header?
[[nodiscard]] bool is_name_of_layout(std::string_view stem);

/// The header as the data set's contract knows it.
[[nodiscard]] std::vector<std::string> renamed(const Layout& layout,
                                               std::span<const std::string> header);

/// Position of a header, whatever its capitals; nothing when it is not there.
[[nodiscard]] std::optional<std::size_t> position_of(std::span<const std::string> header,
                                                     std::string_view name);

/// What an id is compared by: see BundlePlace::ids.
[[nodiscard]] std::uint64_t hash_of_id(std::string_view id);

}  // namespace homeroom::run
