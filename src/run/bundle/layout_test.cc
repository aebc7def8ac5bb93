#include "run/bundle/layout.h"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace homeroom::run {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Header = std::vector<std::string>;

std::vector<std::string> datasets(std::string_view stem, const Header& header) {
  std::vector<std::string> names;
  for (const Layout* layout : find_layouts(stem, header)) names.emplace_back(layout->dataset);
  return names;
}

TEST(FindLayouts, NeedsTheNameAndTheHeaderTogether) {
  const Header users = {"sourcedId", "role", "givenName", "familyName"};
  EXPECT_THAT(datasets("users", users), ElementsAre("students", "staff"));
  EXPECT_THAT(datasets("Users", {"SOURCEDID", " Role ", "GivenName", "familyname"}),
              ElementsAre("students", "staff"));
  EXPECT_THAT(datasets("users", {"sourcedId", "givenName", "familyName"}),
              ElementsAre("students", "staff"));
  EXPECT_THAT(datasets("people", users), IsEmpty());
  EXPECT_THAT(datasets("users", {"id", "role", "first name", "last name"}), IsEmpty());
  EXPECT_THAT(datasets("schools", {"School_id", "School_name"}), IsEmpty());
}

TEST(FindLayouts, GivesFilesWithoutADataSetATableOfTheirOwnWithAKey) {
  const Header header = {"sourcedId", "score"};
  ASSERT_EQ(find_layouts("results", header).size(), 1);
  EXPECT_EQ(find_layouts("results", header)[0]->key, "sourcedId");
  EXPECT_EQ(find_layout("results", header, ""), find_layouts("results", header)[0]);
  EXPECT_EQ(find_layout("results", header, "students"), nullptr);
  EXPECT_THAT(datasets("results", {"student", "score"}), IsEmpty());
}

TEST(FindLayouts, ToldByTheRoleInOneVersionAndByTheUserInTheOther) {
  const auto by_role =
      find_layouts("users", Header{"sourcedId", "role", "givenName", "familyName"});
  const auto by_user = find_layouts("users", Header{"sourcedId", "givenName", "familyName"});
  ASSERT_FALSE(by_role.empty());
  ASSERT_FALSE(by_user.empty());
  EXPECT_EQ(by_role[0]->rows, RowsMeant::kByWord);
  EXPECT_EQ(by_user[0]->rows, RowsMeant::kByUser);
}

TEST(Renamed, GivesIdsTheirMeaningAndKeepsOthersFromBeingTakenForIds) {
  const Header header = {"sourcedId", "identifier", "givenName", "email"};
  const Layout* students =
      find_layout("users", Header{"sourcedId", "role", "givenName", "familyName"}, "students");
  ASSERT_NE(students, nullptr);
  EXPECT_THAT(renamed(*students, header), ElementsAre("student_id", "", "first_name", "email"));
}

TEST(HashOfId, PassesOverBlanksAndNothingElse) {
  EXPECT_EQ(hash_of_id(" u1 "), hash_of_id("u1"));
  EXPECT_NE(hash_of_id("u1"), hash_of_id("U1"));
}

}  // namespace
}  // namespace homeroom::run
