#include "base/encoded_size.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/double_encoding.h"
#include "base/encoding.h"

namespace homeroom {
namespace {

// Bytes of a file -> how many of them each front part of its text takes.
void expect_each_place(std::string_view bytes, std::string_view encoding, std::size_t unit) {
  const EncodedSize size(encoding, false);
  EXPECT_TRUE(size.differs()) << encoding;
  for (std::size_t at = 0; at <= bytes.size(); at += unit) {
    const auto text = decode_all(bytes.substr(0, at), encoding);
    ASSERT_TRUE(text) << encoding;
    EXPECT_EQ(size.of(*text), at) << encoding;
  }
}

TEST(EncodedSize, IsWhatTheTextTookInItsFile) {
  std::string all;
  for (int byte = 1; byte < 256; ++byte) all += static_cast<char>(byte);
  for (const std::string_view encoding : known_encodings()) {
    if (encoding.starts_with("utf") || encoding == "us-ascii") continue;
    expect_each_place(all, encoding, 1);
  }
  expect_each_place(std::string_view("a\0\xE9\0\xAC\x20\n\0", 8), "utf-16le", 2);
  expect_each_place(std::string_view("\0a\0\xE9\x20\xAC\0\n", 8), "utf-16be", 2);
  expect_each_place(std::string_view("a\0\0\0\0\xF6\x01\0", 8), "utf-32le", 4);
}

TEST(EncodedSize, CountsTwoUnitsOfUtf16ForACharacterBeyondTheBasicPlane) {
  EXPECT_EQ(EncodedSize("utf-16le", false).of("a\xF0\x9F\x98\x80"), 6U);
}

TEST(EncodedSize, CountsWhatWasEncodedTwice) {
  for (const std::string_view twice :
       {"Ana", "Zo\xC3\x83\xC2\xA9", "\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2s"}) {
    const std::string once = undo_double_encoding(twice);
    EXPECT_EQ(EncodedSize("utf-8", true).of(once), twice.size()) << once;
  }
}

TEST(EncodedSize, IsThatOfTheTextInUtf8) {
  const EncodedSize size("utf-8", false);
  EXPECT_FALSE(size.differs());
  EXPECT_EQ(size.of("Zo\xC3\xA9"), 4U);
  EXPECT_EQ(size.bom(), 3U);
  EXPECT_EQ(EncodedSize("utf-16be", false).bom(), 2U);
  EXPECT_EQ(EncodedSize("windows-1252", false).bom(), 0U);
}

}  // namespace
}  // namespace homeroom
