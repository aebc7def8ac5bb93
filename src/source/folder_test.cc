#include "source/folder.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>
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

// The header of a tar's entry and its content, padded. POSIX.1-2017, pax.
std::string tar_entry(const std::string& name, const std::string& content, char type = '0') {
  std::string head(512, '\0');
  head.replace(0, name.size(), name);
  head.replace(100, 8, std::string("0000644\0", 8));
  const std::string size = fmt::format("{:011o}", content.size());
  head.replace(124, size.size(), size);
  head.replace(136, 11, "00000000000");
  head[156] = type;
  head.replace(257, 8, std::string("ustar\00000", 8));
  head.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char c : head) sum += static_cast<unsigned char>(c);
  head.replace(148, 7, fmt::format("{:06o}", sum) + std::string(1, '\0'));
  std::string body = content;
  body.resize((content.size() + 511) / 512 * 512, '\0');
  return head + body;
}

void write_tar(const fs::path& path, const std::vector<std::string>& names) {
  std::string bytes;
  for (const std::string& name : names) {
    bytes += tar_entry(name, name.ends_with("link.csv") ? "" : "id\n1\n",
                       name.ends_with("link.csv") ? '2' : '0');
  }
  std::ofstream(path, std::ios::binary) << bytes << std::string(1024, '\0');
}

TEST_F(FindFiles, WalksAnArchiveLikeAFolder) {
  write_tar(root_ / "sis" / "export", {"users.csv", "README.txt", ".git/config", "att/days.csv",
                                       "__MACOSX/._users.csv", "../evil.csv", "link.csv"});
  const FoundFiles found = find_files({(root_ / "sis").string()});
  std::vector<std::string> names;
  for (const InputFile& file : found.files) {
    names.push_back(fs::relative(file.path, root_).string() + " from " + file.source);
  }
  EXPECT_EQ(names, (std::vector<std::string>{
                       "sis/export/att/days.csv from att", "sis/export/users.csv from sis",
                       "sis/students.csv from sis", "sis/deep/marks.csv from deep"}));
  EXPECT_EQ(found.num_passed_over, 3);
  ASSERT_EQ(found.unusable.size(), 2);
  EXPECT_TRUE(found.unusable[0].path.string().ends_with("sis/export/../evil.csv"));
  EXPECT_TRUE(found.unusable[1].path.string().ends_with("sis/export/link.csv"));
  EXPECT_EQ(found.files[0].archive, root_ / "sis" / "export");
  EXPECT_EQ(found.files[0].location, root_ / "sis" / "export" / "att" / "days.csv");
  EXPECT_TRUE(found.files[2].archive.empty());
}

TEST_F(FindFiles, TakesTheTopFolderOfAnArchiveForNoSource) {
  write_tar(root_ / "sis" / "one", {"export_2025-11-03/users.csv", "export_2025-11-03/a/days.csv"});
  const FoundFiles found = find_files({(root_ / "sis" / "one").string()});
  ASSERT_EQ(found.files.size(), 2);
  EXPECT_EQ(found.files[0].source, "a");
  EXPECT_EQ(found.files[1].source, "sis");
}

TEST_F(FindFiles, TakesOneNamedFileOfAnArchive) {
  write_tar(root_ / "sis" / "export", {"top/users.csv", "top/orgs.csv"});
  const std::string archive = (root_ / "sis" / "export").string();
  const FoundFiles found = find_files({archive + "/top/users.csv", archive + "/top/user.csv"});
  ASSERT_EQ(found.files.size(), 1);
  EXPECT_EQ(found.files[0].path, archive + "/top/users.csv");
  EXPECT_EQ(found.files[0].source, "sis");
  ASSERT_EQ(found.unusable.size(), 1);
  EXPECT_EQ(found.unusable[0].error.message, archive + " holds no file top/user.csv");
}

TEST_F(FindFiles, LeavesATornArchiveToItsReader) {
  std::ofstream(root_ / "sis" / "torn.zip") << "PK\x03\x04 and no more";
  const FoundFiles found = find_files({(root_ / "sis" / "torn.zip").string()});
  ASSERT_EQ(found.files.size(), 1);
  EXPECT_EQ(found.files[0].path, root_ / "sis" / "torn.zip");
  EXPECT_TRUE(found.files[0].archive.empty());
}

}  // namespace
}  // namespace homeroom::source
