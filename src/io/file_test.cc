#include "io/file.h"

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/result.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Files : public testing::Test {
 protected:
  [[nodiscard]] fs::path path(std::string_view name) const { return folder_.path() / name; }

  void put(std::string_view name, std::string_view content) const {
    std::ofstream(path(name), std::ios::binary) << content;
  }

  [[nodiscard]] std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      found.insert(entry.path().filename());
    }
    return found;
  }

 private:
  TemporaryFolder folder_ = TemporaryFolder::create(fs::temp_directory_path()).value();
};

Status write_all(const fs::path& path, std::string_view content) {
  const auto writer = HOMEROOM_TRY(FileWriter::create(path));
  HOMEROOM_TRY(writer->write(content));
  return writer->commit();
}

/// Neither read nor replaced.
void expect_refused(const fs::path& place, const std::string& message) {
  for (const Error& error : {FileSource::open(place).error(), FileWriter::create(place).error()}) {
    EXPECT_EQ(error.code, ErrorCode::kInvalidInput) << place;
    EXPECT_EQ(error.message, place.string() + " " + message);
    EXPECT_NE(error.hint, "");
  }
}

TEST_F(Files, AreReadToTheEndAndAgainAfterRewind) {
  put("a.csv", "id\n1\n");
  const auto source = FileSource::open(path("a.csv"));
  ASSERT_TRUE(source) << source.error().message;
  std::array<char, 4> buffer{};
  EXPECT_EQ((*source)->read(buffer), 4U);
  EXPECT_EQ((*source)->read(buffer), 1U);
  EXPECT_EQ((*source)->read(buffer), 0U);
  ASSERT_TRUE((*source)->rewind());
  EXPECT_EQ((*source)->read(buffer), 4U);
  EXPECT_EQ(std::string_view(buffer.data(), 4), "id\n1");
  ASSERT_TRUE((*source)->seek(3));
  EXPECT_EQ((*source)->read(buffer), 2U);
}

TEST_F(Files, HaveAnotherStampOnceTheyChanged) {
  put("a.csv", "id\n");
  const auto source = FileSource::open(path("a.csv")).value();
  const FileStamp before = source->stamp().value();
  EXPECT_EQ(before, source->stamp().value());
  EXPECT_EQ(before.size_bytes, 3U);
  put("a.csv", "id\n1\n");
  EXPECT_NE(before, source->stamp().value());
}

TEST_F(Files, ThatAreNoFilesAreNamedForWhatTheyAre) {
  fs::create_directory(path("folder"));
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  expect_refused(path("folder"), "is a folder, not a file");
  expect_refused(path("pipe"), "is a pipe, not a file");
  expect_refused("/dev/null", "is a device, not a file");
}

TEST_F(Files, ThatAreMissingAreNamedWithTheirPath) {
  const Error error = FileSource::open(path("none.csv")).error();
  EXPECT_EQ(error.code, ErrorCode::kIo);
  EXPECT_EQ(error.message, "cannot open " + path("none.csv").string() + ": it does not exist");
  EXPECT_EQ(error.hint, "check the path");
  EXPECT_EQ(error.detail, "errno 2: No such file or directory");
}

TEST_F(Files, AreThereAfterCommitAndNotBefore) {
  {
    const auto writer = FileWriter::create(path("a.csv")).value();
    ASSERT_TRUE(writer->write(std::string_view("id\n")));
    EXPECT_FALSE(fs::exists(path("a.csv")));
    ASSERT_TRUE(writer->commit());
  }
  EXPECT_EQ(read_file(path("a.csv")), "id\n");
  EXPECT_EQ(names(), std::set<std::string>{"a.csv"});
}

TEST_F(Files, KeepTheirOldContentWhenTheNewIsNotCommitted) {
  put("a.csv", "old");
  {
    const auto writer = FileWriter::create(path("a.csv")).value();
    ASSERT_TRUE(writer->write(std::string_view("new")));
  }
  EXPECT_EQ(read_file(path("a.csv")), "old");
  EXPECT_EQ(names(), std::set<std::string>{"a.csv"});
  ASSERT_TRUE(write_all(path("a.csv"), "new"));
  EXPECT_EQ(read_file(path("a.csv")), "new");
}

TEST_F(Files, AreWrittenThroughTheirLink) {
  put("a.csv", "old");
  fs::create_symlink("a.csv", path("link"));
  ASSERT_TRUE(write_all(path("link"), "new"));
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(read_file(path("a.csv")), "new");
}

TEST_F(Files, ArePrivateWhenAsked) {
  const auto writer = FileWriter::create(path("a.csv"), FileAccess::kPrivate).value();
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(fs::status(path("a.csv")).permissions(), fs::perms(0600));
}

TEST_F(Files, PastTheLimitAreNotReadWhole) {
  put("a.json", "12345");
  EXPECT_EQ(read_file(path("a.json"), 5), "12345");
  const Error error = read_file(path("a.json"), 4).error();
  EXPECT_EQ(error.code, ErrorCode::kInvalidInput);
  EXPECT_THAT(error.message, HasSubstr("is larger than 4 bytes"));
}

TEST_F(Files, OnAFullDiskFailWithAHintAndLeaveNothing) {
  fs::create_directory(path("small"));
  if (::mount("tmpfs", path("small").c_str(), "tmpfs", 0, "size=64k") != 0) {
    GTEST_SKIP() << "only root may mount a small disk";
  }
  const Status written = write_all(path("small") / "a.csv", std::string(100'000, 'x'));
  EXPECT_TRUE(fs::is_empty(path("small")));
  ::umount(path("small").c_str());
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kIo);
  EXPECT_THAT(written.error().message, HasSubstr("a.csv: the disk is full"));
  EXPECT_THAT(written.error().hint, HasSubstr("free some space"));
}

TEST_F(Files, InATemporaryFolderGoWithIt) {
  fs::path kept;
  {
    auto made = TemporaryFolder::create(path(""));
    ASSERT_TRUE(made) << made.error().message;
    const TemporaryFolder moved = std::move(*made);
    kept = moved.path();
    ASSERT_TRUE(write_all(kept / "a.csv", "id\n"));
    EXPECT_EQ(fs::status(kept).permissions(), fs::perms(0700));
  }
  EXPECT_FALSE(fs::exists(kept));
}

TEST(IoError, HasASentenceAndAHintForEachErrnoThatUsersMeet) {
  const std::vector<std::pair<int, std::string>> table = {
      {ENOSPC, "cannot write a.csv: the disk is full"},
      {EDQUOT, "cannot write a.csv: this user's disk quota is used up"},
      {EACCES, "cannot write a.csv: permission denied"},
      {EROFS, "cannot write a.csv: the disk is mounted read-only"},
      {EMFILE, "cannot write a.csv: this program has too many files open"},
      {EIO, "cannot write a.csv: the disk reports an error"},
      {ENAMETOOLONG, "cannot write a.csv: the name is too long"},
      {ENOTDIR, "cannot write a.csv: a part of its path is a file, not a folder"},
      {EXDEV, "cannot write a.csv: the system refused"},
  };
  for (const auto& [number, message] : table) {
    const Error error = io_error(number, "cannot write", "a.csv");
    EXPECT_EQ(error.message, message);
    EXPECT_EQ(error.code, ErrorCode::kIo);
    EXPECT_THAT(error.hint, Not(IsEmpty())) << message;
    EXPECT_THAT(error.detail, HasSubstr("errno")) << message;
  }
  EXPECT_EQ(io_error(EISDIR, "cannot write", "a").code, ErrorCode::kInvalidInput);
}

TEST(RandomName, IsAnotherOneEachTime) {
  EXPECT_NE(random_name("x-"), random_name("x-"));
  EXPECT_EQ(random_name("x-").size(), 18U);
}

}  // namespace
}  // namespace homeroom::io
