#include "run/bundle/layout.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace homeroom::run {
namespace {

using Names = std::string_view;
using Rename = Layout::Rename;

// 1EdTech OneRoster 1.1 and 1.2, CSV binding: files, headers, roles.
constexpr std::array<Names, 1> kSourcedId = {"sourcedId"};
constexpr std::array<Names, 3> kOrgs = {"sourcedId", "name", "type"};
constexpr std::array<Names, 3> kCourses = {"sourcedId", "title", "orgSourcedId"};
constexpr std::array<Names, 3> kClasses = {"sourcedId", "courseSourcedId", "schoolSourcedId"};
constexpr std::array<Names, 4> kUsers = {"sourcedId", "givenName", "familyName", "role"};
constexpr std::array<Names, 3> kEnrollments = {"classSourcedId", "userSourcedId", "role"};
constexpr std::array<Names, 3> kDemographics = {"sourcedId", "birthDate", "sex"};
// Clever SFTP specification.
constexpr std::array<Names, 3> kCleverSchools = {"School_id", "School_name", "School_number"};

constexpr std::array<Names, 3> kCleverStudents = {"School_id", "Student_id", "Contact_name"};
constexpr std::array<Names, 7> kCleverContacts = {
    "Contact_relationship", "Contact_type",  "Contact_name",  "Contact_phone",
    "Contact_phone_type",   "Contact_email", "Contact_sis_id"};

constexpr std::array<Names, 1> kSchoolWords = {"school"};
constexpr std::array<Names, 1> kStudentWords = {"student"};
constexpr std::array<Names, 9> kStaffWords = {"teacher",
                                              "administrator",
                                              "aide",
                                              "proctor",
                                              "counselor",
                                              "principal",
                                              "siteAdministrator",
                                              "districtAdministrator",
                                              "systemAdministrator"};

constexpr std::array<Rename, 4> kOrgColumns = {
    Rename{"sourcedId", "school_id"}, Rename{"name", "school_name"},
    Rename{"parentSourcedId", "district_id"}, Rename{"identifier", ""}};
constexpr std::array<Rename, 2> kCourseColumns = {Rename{"sourcedId", "course_id"},
                                                  Rename{"courseCode", ""}};
constexpr std::array<Rename, 5> kClassColumns = {
    Rename{"sourcedId", "section_id"}, Rename{"title", "section_name"}, Rename{"classCode", ""},
    Rename{"courseSourcedId", "course_id"}, Rename{"schoolSourcedId", "school_id"}};
constexpr std::array<Rename, 12> kStudentColumns = {Rename{"sourcedId", "student_id"},
                                                    Rename{"givenName", "first_name"},
                                                    Rename{"familyName", "last_name"},
                                                    Rename{"middleName", "middle_name"},
                                                    Rename{"grades", "grade_level"},
                                                    Rename{"preferredGivenName", "preferred_name"},
                                                    Rename{"primaryOrgSourcedId", "school_id"},
                                                    Rename{"identifier", ""},
                                                    Rename{"userIds", ""},
                                                    Rename{"username", ""},
                                                    Rename{"sms", ""},
                                                    Rename{"role", ""}};
constexpr std::array<Rename, 10> kStaffColumns = {Rename{"sourcedId", "staff_id"},
                                                  Rename{"givenName", "first_name"},
                                                  Rename{"familyName", "last_name"},
                                                  Rename{"middleName", "middle_name"},
                                                  Rename{"username", "login_name"},
                                                  Rename{"role", "role"},
                                                  Rename{"primaryOrgSourcedId", "school_id"},
                                                  Rename{"identifier", ""},
                                                  Rename{"userIds", ""},
                                                  Rename{"grades", ""}};
constexpr std::array<Rename, 5> kSeatColumns = {
    Rename{"userSourcedId", "student_id"}, Rename{"classSourcedId", "section_id"},
    Rename{"schoolSourcedId", "school_id"}, Rename{"sourcedId", ""}, Rename{"role", ""}};
constexpr std::array<Rename, 5> kTeachingColumns = {
    Rename{"userSourcedId", "staff_id"}, Rename{"classSourcedId", "section_id"},
    Rename{"schoolSourcedId", "school_id"}, Rename{"sourcedId", ""}, Rename{"role", "role"}};
// Its status is that of the row, not of the student's enrollment.
constexpr std::array<Rename, 2> kDemographicColumns = {Rename{"sourcedId", "student_id"},
                                                       Rename{"status", ""}};
constexpr std::array<Rename, 4> kCleverSchoolColumns = {
    Rename{"School_id", "school_id"}, Rename{"School_name", "school_name"},
    Rename{"School_number", ""}, Rename{"State_id", ""}};

constexpr std::array<Rename, 4> kCleverStudentColumns = {
    Rename{"School_id", "school_id"}, Rename{"Student_id", "student_id"},
    Rename{"State_id", "state_student_id"}, Rename{"Student_number", ""}};

constexpr std::string_view kNotStudent = "not a student";
constexpr std::string_view kNotStaff = "not a member of staff";

constexpr std::array kLayouts = {
    Layout{.file = "orgs",
           .needs = kOrgs,
           .dataset = "schools",
           .renames = kOrgColumns,
           .rows = RowsMeant::kByWord,
           .column = "type",
           .words = kSchoolWords,
           .otherwise = "not a school"},
    Layout{.file = "courses", .needs = kCourses, .dataset = "courses", .renames = kCourseColumns},
    Layout{.file = "classes", .needs = kClasses, .dataset = "sections", .renames = kClassColumns},
    Layout{.file = "users",
           .needs = kUsers,
           .dataset = "students",
           .renames = kStudentColumns,
           .rows = RowsMeant::kByWord,
           .column = "role",
           .words = kStudentWords,
           .otherwise = kNotStudent},
    Layout{.file = "users",
           .needs = kUsers,
           .dataset = "staff",
           .renames = kStaffColumns,
           .rows = RowsMeant::kByWord,
           .column = "role",
           .words = kStaffWords,
           .otherwise = kNotStaff},
    Layout{.file = "users",
           .needs = std::span(kUsers).first(3),
           .lacks = "role",
           .dataset = "students",
           .renames = kStudentColumns,
           .rows = RowsMeant::kByUser,
           .column = "sourcedId",
           .words = kStudentWords,
           .otherwise = kNotStudent},
    Layout{.file = "users",
           .needs = std::span(kUsers).first(3),
           .lacks = "role",
           .dataset = "staff",
           .renames = kStaffColumns,
           .rows = RowsMeant::kByUser,
           .column = "sourcedId",
           .words = kStaffWords,
           .otherwise = kNotStaff},
    Layout{.file = "demographics",
           .needs = kDemographics,
           .dataset = "students",
           .renames = kDemographicColumns,
           .rows = RowsMeant::kByUser,
           .column = "sourcedId",
           .words = kStudentWords,
           .otherwise = kNotStudent},
    Layout{.file = "enrollments",
           .needs = kEnrollments,
           .dataset = "section_enrollments",
           .renames = kSeatColumns,
           .rows = RowsMeant::kByWord,
           .column = "role",
           .words = kStudentWords,
           .otherwise = kNotStudent},
    Layout{.file = "enrollments",
           .needs = kEnrollments,
           .dataset = "staff_sections",
           .renames = kTeachingColumns,
           .rows = RowsMeant::kByWord,
           .column = "role",
           .words = kStaffWords,
           .otherwise = kNotStaff},
    Layout{.file = "schools",
           .needs = kCleverSchools,
           .dataset = "schools",
           .renames = kCleverSchoolColumns},
    Layout{.file = "students",
           .needs = kCleverStudents,
           .dataset = "students",
           .renames = kCleverStudentColumns,
           .repeated = kCleverContacts},
};

// Files of OneRoster that no data set is made for.
constexpr std::array<Names, 15> kOwnTables = {"academicSessions",
                                              "categories",
                                              "classResources",
                                              "courseResources",
                                              "lineItems",
                                              "lineItemLearningObjectiveIds",
                                              "lineItemScoreScales",
                                              "resources",
                                              "resultLearningObjectiveIds",
                                              "results",
                                              "resultScoreScales",
                                              "roles",
                                              "scoreScales",
                                              "userProfiles",
                                              "userResources"};

constexpr Layout kOwnTable = {.file = {}, .needs = kSourcedId, .key = "sourcedId"};

bool has_all(std::span<const std::string> header, std::span<const Names> names) {
  return std::ranges::all_of(
      names, [&](std::string_view name) { return position_of(header, name).has_value(); });
}

bool fits(const Layout& layout, std::string_view stem, std::span<const std::string> header) {
  return equals_ignoring_case(layout.file, stem) && has_all(header, layout.needs) &&
         (layout.lacks.empty() || !position_of(header, layout.lacks));
}

bool is_own_table(std::string_view stem) {
  return std::ranges::any_of(
      kOwnTables, [&](std::string_view name) { return equals_ignoring_case(name, stem); });
}

}  // namespace

std::vector<const Layout*> find_layouts(std::string_view stem,
                                        std::span<const std::string> header) {
  std::vector<const Layout*> found;
  for (const Layout& layout : kLayouts) {
    if (fits(layout, stem, header)) found.push_back(&layout);
  }
  if (found.empty() && is_own_table(stem) && has_all(header, kOwnTable.needs)) {
    found.push_back(&kOwnTable);
  }
  return found;
}

const Layout* find_layout(std::string_view stem, std::span<const std::string> header,
                          std::string_view dataset) {
  const std::vector<const Layout*> layouts = find_layouts(stem, header);
  const auto found = std::ranges::find(layouts, dataset, &Layout::dataset);
  return found == layouts.end() ? nullptr : *found;
}

bool is_name_of_layout(std::string_view stem) {
  return is_own_table(stem) || std::ranges::any_of(kLayouts, [&](const Layout& layout) {
           return equals_ignoring_case(layout.file, stem);
         });
}

std::vector<std::string> renamed(const Layout& layout, std::span<const std::string> header) {
  std::vector<std::string> names(header.begin(), header.end());
  for (const Layout::Rename& rename : layout.renames) {
    if (const auto at = position_of(header, rename.header)) names[*at] = rename.column;
  }
  return names;
}

std::optional<std::size_t> position_of(std::span<const std::string> header, std::string_view name) {
  const auto found = std::ranges::find_if(
      header, [&](const std::string& text) { return equals_ignoring_case(trim(text), name); });
  if (found == header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header.begin());
}

std::uint64_t hash_of_id(std::string_view id) {
  return std::hash<std::string_view>()(trim(id));
}

}  // namespace homeroom::run
