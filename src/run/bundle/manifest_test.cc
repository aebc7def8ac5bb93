#include "run/bundle/manifest.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/file.h"
#include "run/report.h"
#include "run/settings.h"
#include "table/issue.h"

namespace homeroom::run {
namespace {

using testing::ElementsAre;

class ManifestFile : public testing::Test {
 protected:
  void SetUp() override {
    auto made = io::TemporaryFolder::create(std::filesystem::temp_directory_path());
    ASSERT_TRUE(made);
    folder_.emplace(std::move(*made));
  }

  [[nodiscard]] std::optional<Manifest> read(std::string_view text) const {
    std::ofstream(path(), std::ios::binary | std::ios::trunc) << text;
    return read_manifest(path(), Settings());
  }

  [[nodiscard]] std::filesystem::path path() const { return folder_->path() / "manifest.csv"; }

  [[nodiscard]] std::vector<std::string> issues(std::string_view text,
                                                const std::vector<std::string>& stems) const {
    const auto manifest = read(text);
    if (!manifest) return {"no manifest"};
    std::vector<std::string> found;
    for (const Issue& issue : report_manifest(*manifest, path(), stems).issues) {
      found.push_back(
          fmt::format("{} {}: {}", issue.line, to_string(issue.severity), issue.message));
    }
    return found;
  }

  std::optional<io::TemporaryFolder> folder_;
};

TEST_F(ManifestFile, IsKnownByWhatItSaysHoweverItIsWritten) {
  for (const std::string& text :
       {std::string("propertyName,value\noneroster.version,1.1\nfile.users,bulk\n"),
        std::string("\xef\xbb\xbf\"PropertyName\";\"Value\"\r\n\"OneRoster.version\";\" 1.1 \"\r\n"
                    "\"file.Users\";\"Bulk\"\r\n")}) {
    const auto manifest = read(text);
    ASSERT_TRUE(manifest) << text;
    EXPECT_EQ(manifest->version(), "1.1");
    EXPECT_EQ(manifest->says_of("users"), manifest->properties[1].value);
    EXPECT_EQ(manifest->says_of("orgs"), "");
    EXPECT_EQ(manifest->properties[1].line, 3);
  }
  for (const char* text : {"", "a,b\n1,2\n", "propertyName,value\ncolour,red\n",
                           "propertyName,value\n", "\x01\x02\x03"}) {
    EXPECT_FALSE(read(text)) << text;
  }
}

TEST_F(ManifestFile, SaysWhichVersionOnlyWhenItIsOneThatIsRead) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"1.1", "1.1"}, {"1.2", "1.2"}, {"1.2.1", "1.2"}, {"1.20", ""},
      {"2.0", ""},    {"1.0", ""},    {"", ""},
  };
  for (const auto& [said, version] : table) {
    const auto manifest =
        read(fmt::format("propertyName,value\noneroster.version,{}\nfile.users,bulk\n", said));
    ASSERT_TRUE(manifest) << said;
    EXPECT_EQ(manifest->version(), version) << said;
  }
}

TEST_F(ManifestFile, NamesWhatIsNotAsItSaysWithItsLine) {
  const std::string text =
      "propertyName,value\noneroster.version,1.1\nfile.users,bulk\nfile.orgs,absent\n"
      "file.classes,delta\nfile.courses,all\nfile.orgs,bulk\n";
  EXPECT_THAT(issues(text, {"orgs", "classes", "more"}),
              ElementsAre("3 error: users.csv is not there, and the manifest says it is",
                          "4 error: orgs.csv is there, and the manifest says it is absent",
                          "6 warning: file.courses is none of bulk, delta and absent",
                          "7 warning: file.orgs stands in line 4 too, otherwise",
                          "0 warning: more.csv is there, and the manifest does not name it"));
  EXPECT_THAT(issues("propertyName,value\noneroster.version,1.1\nfile.users,bulk\n", {"users"}),
              ElementsAre());
  EXPECT_THAT(issues("propertyName,value\nfile.users,bulk\noneroster.version,3\n", {"users"}),
              ElementsAre("3 error: its OneRoster version is neither 1.1 nor 1.2"));
}

TEST_F(ManifestFile, IsReadAndNotLoadedAndItsRowsAddUp) {
  const auto manifest = read("propertyName,value\noneroster.version,1.1\nfile.users,bulk\n");
  ASSERT_TRUE(manifest);
  FileReport report = report_manifest(*manifest, path(), {});
  EXPECT_EQ(status_name(report, Command::kRun), "read");
  EXPECT_EQ(report.rows.read, 2);
  EXPECT_EQ(report.rows.skipped, 2);
  EXPECT_EQ(exit_code_of(report), ExitCode::kRejected);
  report.issues.clear();
  EXPECT_EQ(exit_code_of(report), ExitCode::kOk);
}

}  // namespace
}  // namespace homeroom::run
