#include "source/folder.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

namespace homeroom::source {
namespace {

namespace fs = std::filesystem;

class FindFiles : public testing::Test {
 protected:
  void SetUp() override {
    root_ =
        fs::temp_directory_path() / ("homeroom-source-" + std::to_string(getpid()) + "-" +
                                     testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(root_ / "sis" / "deep");
    for (const char* name :
         {"b.csv", "a.csv", ".hidden", "~$open.csv", "half.csv.part", "README.txt", "LICENSE",
          "notes.md", "Thumbs.db", "readmeter.csv", "sis/students.csv", "sis/deep/marks.csv"}) {
      std::ofstream(root_ / name) << "id\n1\n";
    }
  }

  void TearDown() override { fs::remove_all(root_); }

  fs::path root_;
};

TEST_F(FindFiles, WalksAFolderInOrderAndPassesOverWhatIsNotReady) {
  const FoundFiles found = find_files({root_.string()});
  std::vector<std::string> names;
  for (const InputFile& file : found.files) names.push_back(fs::relative(file.path, root_));
  EXPECT_EQ(names, (std::vector<std::string>{"a.csv", "b.csv", "readmeter.csv", "sis/students.csv",
                                             "sis/deep/marks.csv"}));
  EXPECT_EQ(found.num_passed_over, 7);
  EXPECT_TRUE(found.unusable.empty());
}

TEST_F(FindFiles, NamesTheSourceTheSameHoweverThePathIsWritten) {
  const auto by_folder = find_files({root_.string()});
  const auto by_file = find_files({(root_ / "sis" / "." / "students.csv").string()});
  ASSERT_EQ(by_file.files.size(), 1);
  EXPECT_EQ(by_file.files[0].source, "sis");
  EXPECT_EQ(by_folder.files[3].source, "sis");
}

TEST_F(FindFiles, TakesANamedFileEvenIfAWalkWouldPassItOver) {
  EXPECT_EQ(find_files({(root_ / ".hidden").string()}).files.size(), 1);
}

TEST_F(FindFiles, SaysWhatAMissingPathIsAndGoesOn) {
  const FoundFiles found =
      find_files({(root_ / "nothing.csv").string(), (root_ / "a.csv").string()});
  EXPECT_EQ(found.files.size(), 1);
  ASSERT_EQ(found.unusable.size(), 1);
  EXPECT_TRUE(found.unusable[0].error.message.ends_with("nothing.csv: no such file or folder"));
  EXPECT_EQ(found.unusable[0].error.hint,
            "check the spelling; a path with blanks needs quotes in a shell");
}

TEST_F(FindFiles, DoesNotFollowALinkIntoALoop) {
  fs::create_directory_symlink(root_, root_ / "sis" / "loop");
  EXPECT_EQ(find_files({root_.string()}).files.size(), 5);
}

TEST_F(FindFiles, TellsOfWhatLooksLikeAFileAndIsNone) {
  fs::create_directory(root_ / "z.csv");
  fs::create_symlink("nowhere.csv", root_ / "link.csv");
  fs::create_symlink("loop.csv", root_ / "loop.csv");
  const FoundFiles found = find_files({root_.string()});
  EXPECT_EQ(found.files.size(), 5);
  std::vector<std::string> messages;
  for (const Unusable& unusable : found.unusable) {
    EXPECT_EQ(unusable.error.code, ErrorCode::kInvalidInput);
    messages.push_back(unusable.error.message);
  }
  ASSERT_EQ(messages.size(), 3);
  EXPECT_EQ(messages[0], (root_ / "link.csv").string() + " is a link to a file that is not there");
  EXPECT_TRUE(messages[1].ends_with("loop.csv: its symbolic links go round in a circle"));
  EXPECT_EQ(messages[2], (root_ / "z.csv").string() + " is an empty folder, not a file");
}

}  // namespace
}  // namespace homeroom::source
