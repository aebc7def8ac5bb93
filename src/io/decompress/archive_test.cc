#include "io/decompress/archive.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/byte_source.h"
#include "base/result.h"
#include "io/decompress/decompress.h"
#include "io/file.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Entry {
  std::string name;
  std::string content;
  std::string link_to = {};
};

using Entries = std::vector<Entry>;

std::string pack(const Entries& entries, const std::function<void(archive*)>& set_format) {
  archive* const writer = archive_write_new();
  set_format(writer);
  archive_write_set_passphrase(writer, "secret");
  archive_write_set_bytes_in_last_block(writer, 1);
  std::size_t most_bytes = std::size_t{1} << 22;
  for (const Entry& entry : entries) most_bytes += 2 * entry.content.size();
  std::string out(most_bytes, '\0');
  std::size_t used = 0;
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  for (const Entry& file : entries) {
    archive_entry* const entry = archive_entry_new();
    const bool is_folder = file.name.ends_with('/');
    archive_entry_set_pathname(entry, file.name.c_str());
    archive_entry_set_filetype(entry, is_folder ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    if (!is_folder) archive_entry_set_size(entry, static_cast<la_int64_t>(file.content.size()));
    if (!file.link_to.empty()) {
      archive_entry_set_filetype(entry, AE_IFLNK);
      archive_entry_set_symlink(entry, file.link_to.c_str());
    }
    archive_write_header(writer, entry);
    archive_write_data(writer, file.content.data(), file.content.size());
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  out.resize(used);
  return out;
}

std::string zip(const Entries& entries, const char* options = "zip:compression-level=1") {
  return pack(entries, [&](archive* writer) {
    archive_write_set_format_zip(writer);
    EXPECT_EQ(archive_write_set_options(writer, options), ARCHIVE_OK);
  });
}

std::string tar(const Entries& entries) {
  return pack(entries, [](archive* writer) { archive_write_set_format_ustar(writer); });
}

std::string tar_gz(const Entries& entries) {
  return pack(entries, [](archive* writer) {
    archive_write_set_format_ustar(writer);
    archive_write_add_filter_gzip(writer);
  });
}

std::string tar_zst(const Entries& entries) {
  return pack(entries, [](archive* writer) {
    archive_write_set_format_pax(writer);
    archive_write_add_filter_zstd(writer);
  });
}

std::string long_text() {
  std::string text = "id,name,minutes\n";
  std::uint32_t number = 1;
  for (int line = 0; line < 10'000; ++line) {
    number = number * 1664525U + 1013904223U;
    text += fmt::format("{},student {},{}\n", line, number, number % 60);
  }
  return text;
}

/// A folder with one file, "a.zip" whatever its bytes are.
class ArchiveFile : public testing::Test {
 protected:
  void SetUp() override {
    auto made = TemporaryFolder::create(fs::temp_directory_path());
    ASSERT_TRUE(made);
    folder_.emplace(std::move(*made));
  }

  [[nodiscard]] fs::path path() const { return folder_->path() / "a.zip"; }

  void write(std::string_view bytes) const {
    std::ofstream(path(), std::ios::binary | std::ios::trunc) << bytes;
  }

  [[nodiscard]] Result<std::string> read(const std::string& member,
                                         const ArchiveLimits& limits = {},
                                         ArchiveCheck check = ArchiveCheck::kWhole) const {
    const fs::path whole = member.empty() ? path() : fs::path(path().string() + "/" + member);
    const OpenedPath opened = HOMEROOM_TRY(open_path(whole, check, limits));
    std::string text;
    std::string buffer(1 << 16, '\0');
    for (;;) {
      const std::size_t size = HOMEROOM_TRY(opened.bytes().read(buffer));
      if (size == 0) return text;
      text.append(buffer, 0, size);
    }
  }

  [[nodiscard]] Error error_of(const std::string& member, const ArchiveLimits& limits = {}) const {
    const auto text = read(member, limits);
    return text ? Error{} : text.error();
  }

  [[nodiscard]] std::vector<std::string> names(const ArchiveLimits& limits = {}) const {
    std::vector<std::string> names;
    const auto listing = list_archive(path(), limits);
    if (!listing || !*listing) return {"no archive"};
    for (const ArchiveMember& member : (*listing)->members) {
      names.push_back(member.name + (member.refusal ? ": " + member.refusal->message : ""));
    }
    return names;
  }

  std::optional<TemporaryFolder> folder_;
};

class EachArchive : public ArchiveFile, public testing::WithParamInterface<std::string_view> {
 protected:
  static std::string pack_as(const Entries& entries) {
    if (GetParam() == "tar") return tar(entries);
    if (GetParam() == "targz") return tar_gz(entries);
    if (GetParam() == "tarzst") return tar_zst(entries);
    return zip(entries);
  }
};

INSTANTIATE_TEST_SUITE_P(Archive, EachArchive, testing::Values("zip", "tar", "targz", "tarzst"),
                         [](const auto& format) { return std::string(format.param); });

TEST_P(EachArchive, GivesEachFileAsItWasPacked) {
  const std::string text = long_text();
  write(pack_as({{"b.csv", text}, {"sis/", ""}, {"sis/c.csv", ""}, {"a.csv", "id\n1\n"}}));
  EXPECT_THAT(names(), ElementsAre("a.csv", "b.csv", "sis/c.csv"));
  EXPECT_EQ(read("b.csv"), text);
  EXPECT_EQ(read("sis/c.csv"), "");
  EXPECT_EQ(read("a.csv", {}, ArchiveCheck::kMember), "id\n1\n");
}

TEST_P(EachArchive, WithOneFileIsReadAsThatFile) {
  write(pack_as({{"export/", ""},
                 {"__MACOSX/export/._a.csv", "x"},
                 {"export/.DS_Store", "x"},
                 {"export/\xc3\xa9l\xc3\xa8ves.csv", "id\n1\n"}}));
  EXPECT_EQ(read(""), "id\n1\n");
  EXPECT_EQ(read("export/\xc3\xa9l\xc3\xa8ves.csv"), "id\n1\n");
}

TEST_P(EachArchive, SaysWhatToNameWhenItHoldsSeveral) {
  write(pack_as({{"a.csv", ""}, {"b.csv", ""}, {"c.csv", ""}, {"users.csv", ""}}));
  const Error several = error_of("");
  EXPECT_EQ(several.code, ErrorCode::kInvalidInput);
  EXPECT_THAT(several.message, HasSubstr("a.zip holds 4 files, not one"));
  EXPECT_THAT(several.hint, HasSubstr("a.zip/a.csv, "));
  EXPECT_THAT(several.hint, HasSubstr("a.zip/c.csv, ..."));
  const Error missing = error_of("user.csv");
  EXPECT_THAT(missing.message, HasSubstr("a.zip holds no file user.csv"));
  EXPECT_THAT(missing.hint, HasSubstr("a.zip/users.csv?"));
}

TEST_P(EachArchive, RefusesOnlyTheFilesWithNamesThatNoFileMayHave) {
  const Entries entries = {{"../evil.csv", "x"},  {"a/../../b.csv", "x"},  {"/abs.csv", "x"},
                           {"C:\\x.csv", "x"},    {"..\\w.csv", "x"},      {"line\nbreak.csv", "x"},
                           {"good..csv", "id\n"}, {"./dot.csv", "id\n2\n"}};
  write(pack_as(entries));
  const auto listing = list_archive(path());
  ASSERT_TRUE(listing);
  std::vector<std::string> good;
  for (const ArchiveMember& member : (*listing)->members) {
    if (member.refusal) {
      EXPECT_THAT(member.refusal->message, HasSubstr("its name"));
    } else {
      good.push_back(member.name);
    }
  }
  EXPECT_THAT(good, ElementsAre("dot.csv", "good..csv"));
  EXPECT_EQ(read("dot.csv"), "id\n2\n");
  EXPECT_THAT(error_of("../evil.csv").message, HasSubstr("\"..\""));
}

TEST_P(EachArchive, RefusesLinksAndAllFilesOfOneName) {
  write(pack_as({{"a.csv", "1"}, {"link.csv", "", "/etc/passwd"}, {"./a.csv", "2"}, {"b", "3"}}));
  const std::string twice = "a.csv: 2 files in the archive have this name";
  const auto found = names();
  ASSERT_EQ(found.size(), 4);
  EXPECT_EQ(found[0], twice);
  EXPECT_EQ(found[1], twice);
  EXPECT_EQ(found[2], "b");
  EXPECT_THAT(found[3], HasSubstr("link.csv: a link or device in the"));
  EXPECT_EQ(error_of("a.csv").message, "2 files in the archive have this name");
  EXPECT_EQ(read("b"), "3");
}

TEST_P(EachArchive, IsNeverShortWhenItIsTornAnywhere) {
  const std::string text = long_text();
  const std::string whole = pack_as({{"a.csv", text}, {"b.csv", text}});
  for (std::size_t size = 4; size < whole.size(); size += whole.size() / 40) {
    write(whole.substr(0, size));
    for (const char* name : {"a.csv", "b.csv"}) {
      const auto read_text = read(name, {}, ArchiveCheck::kMember);
      if (read_text) {
        EXPECT_EQ(*read_text, text) << size;
      } else {
        EXPECT_EQ(read_text.error().code, ErrorCode::kInvalidInput);
      }
    }
    const auto listing = list_archive(path());
    const bool tells = !listing || !*listing || (*listing)->broken_off;
    EXPECT_TRUE(tells || (*listing)->members.size() == 2) << size;
  }
}

TEST_P(EachArchive, HasNoMoreFilesThanTheLimit) {
  Entries many;
  for (int i = 0; i < 1001; ++i) many.push_back({fmt::format("{}.csv", i), "id\n"});
  write(pack_as(many));
  const Error error = error_of("1.csv");
  EXPECT_EQ(error.code, ErrorCode::kInvalidInput);
  EXPECT_THAT(error.message, HasSubstr("holds more than 1,000 files"));
  EXPECT_EQ(error.hint, "unpack it and give the folder");
  many.pop_back();
  write(pack_as(many));
  EXPECT_EQ(read("1.csv"), "id\n");
}

TEST_P(EachArchive, HasNoMoreBytesThanTheLimit) {
  write(pack_as({{"a.csv", long_text()}, {"b.csv", long_text()}}));
  const ArchiveLimits few{.bytes = {.max_ratio = 200, .max_bytes = 300'000}};
  EXPECT_THAT(error_of("a.csv", few).message, HasSubstr("holds more than 300,000 bytes"));
}

TEST_F(ArchiveFile, OfOneFileOrNoArchiveIsReadAsItIs) {
  for (const std::string& text : {std::string(), std::string("id\n1\n"), long_text()}) {
    write(text);
    EXPECT_EQ(read(""), text);
    EXPECT_THAT(names(), ElementsAre("no archive"));
  }
  write("id\n1\n");
  EXPECT_THAT(error_of("users.csv").message, HasSubstr("a.zip is no archive"));
}

TEST_F(ArchiveFile, WithoutAnyFileIsRefused) {
  for (const Entries& entries : {Entries{}, Entries{{"folder/", ""}}}) {
    write(zip(entries));
    EXPECT_EQ(error_of("").message, "the zip file holds no file");
    EXPECT_THAT(error_of("").hint, Not(IsEmpty()));
  }
}

TEST_F(ArchiveFile, IsRefusedWhenItGrowsTooMuchAsAWholeOrInOneFile) {
  constexpr std::size_t kFreeBytes = std::size_t{64} * 1024 * 1024;
  const std::string zeros(kFreeBytes / 2, '0');
  write(zip({{"a.csv", zeros}, {"b.csv", "id\n1\n"}}));
  EXPECT_EQ(read("a.csv")->size(), zeros.size());
  write(zip({{"a.csv", zeros}, {"b.csv", zeros}, {"c.csv", "id\n1\n"}}));
  EXPECT_EQ(error_of("c.csv").message, "the compressed file grows more than 200 fold");
}

TEST_F(ArchiveFile, IsRefusedWhenItHoldsMoreThanItSays) {
  std::string lying = zip({{"a.csv", long_text()}}, "zip:compression=store");
  for (const auto& [mark, size_at] : {std::pair{"PK\x03\x04", 22}, std::pair{"PK\x01\x02", 24}}) {
    const std::size_t header = lying.rfind(mark);
    ASSERT_NE(header, std::string::npos);
    lying.replace(header + static_cast<std::size_t>(size_at), 4, std::string("\x10\0\0\0", 4));
  }
  write(lying);
  EXPECT_THAT(error_of("a.csv").message, HasSubstr("the zip file is damaged"));
  EXPECT_THAT(error_of("a.csv").detail, Not(IsEmpty()));
}

TEST_F(ArchiveFile, LetsTheOtherFilesBeReadWhenOneIsDamaged) {
  const std::string text = long_text();
  std::string bytes = zip({{"a.csv", text}, {"b.csv", text}, {"c.csv", text}});
  const std::size_t second = bytes.find("PK\x03\x04", 4);
  bytes[second + 20'000] = static_cast<char>(bytes[second + 20'000] ^ 4);
  write(bytes);
  EXPECT_EQ(read("a.csv"), text);
  EXPECT_EQ(read("c.csv"), text);
  EXPECT_THAT(error_of("b.csv").message, HasSubstr("the zip file is damaged, at byte"));
}

TEST_F(ArchiveFile, GivesTheFilesBeforeADamagedHeaderAndSaysSo) {
  std::string bytes = zip({{"a.csv", "id\n1\n"}, {"b.csv", "id\n2\n"}, {"c.csv", "id\n3\n"}});
  bytes[bytes.find("PK\x03\x04", 4) + 2] = 'x';
  write(bytes);
  EXPECT_THAT(names(), ElementsAre("a.csv"));
  const auto listing = list_archive(path());
  ASSERT_TRUE(listing && *listing && (*listing)->broken_off);
  EXPECT_THAT((*listing)->broken_off->message, HasSubstr("the zip file is damaged, at byte"));
  EXPECT_EQ(read("a.csv"), "id\n1\n");
}

// What the process has read of files so far.
std::uint64_t bytes_read() {
  std::ifstream io("/proc/self/io");
  std::string name;
  std::uint64_t number = 0;
  io >> name >> number;  // rchar
  return number;
}

TEST_F(ArchiveFile, InAZipIsOpenedWithoutReadingThoseBeforeIt) {
  Entries entries;
  for (int i = 0; i < 900; ++i) entries.push_back({fmt::format("f{:04}.csv", i), "a\n1\n"});
  write(zip(entries));
  const std::uint64_t before = bytes_read();
  EXPECT_EQ(read("f0899.csv").value(), "a\n1\n");
  // The directory has some 80 bytes for each file; the header of each would cost a block of 4,096.
  EXPECT_LT(bytes_read() - before, 900U * 500U);
}

TEST_F(ArchiveFile, InAZipIsTheOneOfThatNameWhateverStandsBehindTheZip) {
  const std::string bytes = zip({{"a.csv", "a\n1\n"}, {"b.csv", "b\n2\n"}});
  for (const char* behind : {"", "PK\x05\x06", "something else"}) {
    write(bytes + behind);
    EXPECT_EQ(read("a.csv").value_or("none"), "a\n1\n") << behind;
    EXPECT_EQ(read("b.csv").value_or("none"), "b\n2\n") << behind;
  }
}

TEST_F(ArchiveFile, RefusesEncryptedFiles) {
  write(zip({{"a.csv", "id\n1\n"}}, "zip:encryption=traditional"));
  EXPECT_EQ(error_of("a.csv").message, "the file is encrypted in the zip");
  EXPECT_THAT(error_of("").hint, HasSubstr("password"));
}

TEST_F(ArchiveFile, IsNotTakenForAnArchiveWhenItIsAWorkbook) {
  write(zip({{"docProps/app.xml", "x"}, {"[Content_Types].xml", "x"}, {"xl/a", "x"}}));
  EXPECT_EQ(error_of("").message, "the file is an Excel workbook, not CSV");
  EXPECT_EQ(error_of("").hint, "save it as CSV UTF-8");
  write(zip({{"mimetype", "x"}, {"content.xml", "x"}}));
  EXPECT_EQ(error_of("").message, "the file is an OpenDocument workbook, not CSV");
}

TEST_F(ArchiveFile, PackedWithTooManyLargeFilesIsRefused) {
  write(tar_gz({{"a.csv", long_text()}, {"b.csv", long_text()}}));
  const ArchiveLimits little{.max_packed_work_bytes = 500'000};
  EXPECT_THAT(error_of("a.csv", little).message, HasSubstr("too many to unpack for each file"));
  EXPECT_THAT(error_of("a.csv", little).hint, HasSubstr("send a zip"));
  write(tar({{"a.csv", long_text()}, {"b.csv", long_text()}}));
  EXPECT_TRUE(read("a.csv", little));
}

TEST_F(ArchiveFile, MayHoldACompressedFileButNoArchive) {
  write(zip({{"in.zip", zip({{"a.csv", "id\n"}})}, {"in.tar", tar({{"a.csv", "id\n"}})}}));
  for (const auto& [name, format] : {std::pair{"in.zip", "zip"}, std::pair{"in.tar", "tar"}}) {
    const auto opened = open_path(path() / name);
    ASSERT_TRUE(opened);
    const auto inner = decompress(opened->bytes());
    ASSERT_FALSE(inner);
    EXPECT_EQ(inner.error().message,
              fmt::format("the file is a {} inside another archive or compressed file", format));
  }
}

TEST_F(ArchiveFile, IsFoundInAPathOnlyWhereAFileStands) {
  write("x");
  const std::string zip_path = path().string();
  const std::vector<std::pair<std::string, std::string>> table = {
      {zip_path, ""},
      {zip_path + "/a.csv", "a.csv"},
      {zip_path + "/sis//./a.csv", "sis/a.csv"},
      {folder_->path().string(), ""},
      {folder_->path().string() + "/missing/a.csv", ""},
  };
  for (const auto& [text, member] : table) {
    const ArchivePath split = split_archive_path(text);
    EXPECT_EQ(split.member, member) << text;
    EXPECT_EQ(split.file, member.empty() ? text : zip_path) << text;
  }
}

}  // namespace
}  // namespace homeroom::io
