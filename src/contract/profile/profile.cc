#include "contract/profile/profile.h"

#include <fmt/format.h>

#include "contract/contract_file.h"

namespace homeroom::contract {
namespace {

Status set_groups(std::string_view file, const YamlNode& value, SystemProfile& profile) {
  if (!value.is_list()) {
    return tl::unexpected(yaml_error(file, value.line, "recognizedBy is not a list of lists",
                                     "Write - [dcid, student_number]"));
  }
  for (const YamlNode& group : value.items) {
    profile.recognized_by.push_back(HOMEROOM_TRY(texts_of(file, group, "recognizedBy")));
  }
  return {};
}

Status set_school_year(std::string_view file, const YamlNode& value, SystemProfile& profile) {
  const std::string word = HOMEROOM_TRY(text_of(file, value, "schoolYear"));
  if (word != "start" && word != "end") {
    return tl::unexpected(unknown_word(file, value.line, "school year", word, {"start", "end"}));
  }
  profile.school_year = word == "start" ? SchoolYearIs::kStart : SchoolYearIs::kEnd;
  return {};
}

Status set_date_order(std::string_view file, const YamlNode& value, SystemProfile& profile) {
  const std::string word = HOMEROOM_TRY(text_of(file, value, "dateOrder"));
  if (word != "month_first" && word != "day_first") {
    return tl::unexpected(
        unknown_word(file, value.line, "date order", word, {"month_first", "day_first"}));
  }
  profile.date_order =
      word == "month_first" ? StatedDateOrder::kMonthFirst : StatedDateOrder::kDayFirst;
  return {};
}

Status set_key(std::string_view file, const std::string& key, const YamlNode& value,
               SystemProfile& profile) {
  if (key == "title") HOMEROOM_TRY(text_of(file, value, key));  // for who reads the file
  if (key == "bundles") profile.bundles = HOMEROOM_TRY(texts_of(file, value, key));
  if (key == "recognizedBy") return set_groups(file, value, profile);
  if (key == "schoolYear") return set_school_year(file, value, profile);
  if (key == "dateOrder") return set_date_order(file, value, profile);
  return {};
}

}  // namespace

bool is_profile_file(std::string_view path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string_view::npos || !path.ends_with(".yaml")) return false;
  const std::string_view folder = path.substr(0, slash);
  return folder == "profiles" || folder.ends_with("/profiles");
}

SystemProfile read_profile(const EmbeddedFile& file, const YamlNode& root, Problems& problems) {
  SystemProfile profile;
  const std::string_view name = file.path.substr(file.path.find_last_of('/') + 1);
  profile.name = name.substr(0, name.find('.'));
  profile.file = file.path;
  profile.text = file.text;
  note_keys(
      file.path, root, "key of a profile",
      {"title", "recognizedBy", "bundles", "schoolYear", "dateOrder", "enumerations", "datasets"},
      problems);
  for (std::size_t i = 0; i < root.keys.size(); ++i) {
    problems.note(set_key(file.path, root.keys[i], root.items[i], profile));
  }
  return profile;
}

ProfileLayer layer_of(const YamlNode& root) {
  return {.datasets = root.find("datasets"), .enumerations = root.find("enumerations")};
}

}  // namespace homeroom::contract
