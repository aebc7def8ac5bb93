#include "base/encoding.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding_decoder.h"

namespace homeroom {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using testing::Contains;
using testing::HasSubstr;

class PieceSource final : public ByteSource {
 public:
  PieceSource(std::string_view bytes, std::size_t piece) : bytes_(bytes), piece_(piece) {}

  [[nodiscard]] Result<std::size_t> read(std::span<char> out) override {
    const std::size_t size = std::min({out.size(), bytes_.size(), piece_});
    if (size > 0) std::memcpy(out.data(), bytes_.data(), size);
    bytes_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view bytes_;
  std::size_t piece_;
};

struct Streamed {
  std::string text;
  std::uint64_t num_replaced = 0;
};

// Reads all of a decoding source, `piece` bytes in and at most `room` bytes out at a time.
Streamed stream(std::string_view bytes, std::string_view encoding, std::size_t piece,
                std::size_t room) {
  PieceSource source(bytes, piece);
  const auto decoder = DecodingSource::create(source, encoding);
  Streamed result;
  std::vector<char> buffer(room);
  while (const std::size_t size = (*decoder)->read(buffer).value_or(0)) {
    result.text.append(buffer.data(), size);
  }
  result.num_replaced = (*decoder)->num_replaced();
  return result;
}

struct DecodeCase {
  std::string_view encoding;
  std::string_view bytes;
  std::string_view text;
  std::size_t num_replaced = 0;
};

constexpr DecodeCase kDecodeCases[] = {
    {"utf-8", "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80", "café € 😀"},
    {"utf-8", "\xEF\xBB\xBFid", "id"},
    {"utf-8", "", ""},
    {"utf-8", "\xEF\xBB", "\uFFFD", 1},
    {"utf-8", "a\xFFz", "a\uFFFDz", 1},
    {"utf-8", "\xC0\xAF", "\uFFFD\uFFFD", 2},                      // overlong
    {"utf-8", "\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD", 3},            // a surrogate
    {"utf-8", "\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD", 4},  // beyond U+10FFFF
    {"utf-8", "\xE2\x82x\xF0\x9F\x98", "\uFFFDx\uFFFD", 2},        // cut off
    {"us-ascii", "id", "id"},
    {"windows-1252", "caf\xE9 \x80 \x93x\x94", "café € “x”"},
    {"windows-1252", "a\x81z", "a\uFFFDz", 1},
    {"iso-8859-1", "caf\xE9", "café"},
    {"iso-8859-15", "\xA4", "€"},
    {"windows-1251", "\xCF\xF0\xE8\xE2\xE5\xF2", "Привет"},
    {"koi8-r", "\xF0\xD2\xC9\xD7\xC5\xD4", "Привет"},
    {"macintosh", "caf\x8E", "café"},
    {"ibm437", "caf\x82", "café"},
    {"utf-16le",
     "\xFF\xFE"
     "a\0\xAC\x20"sv,
     "a€"},
    {"utf-16be", "\0a\x20\xAC\xD8\x3D\xDE\x00"sv, "a€😀"},
    {"utf-16le",
     "\x3D\xD8"
     "a\0\x00\xDE"
     "b"sv,
     "\uFFFDa\uFFFD\uFFFD", 3},
    {"utf-32le", "\xFF\xFE\0\0\x00\xF6\x01\x00"sv, "\U0001F600"},
    {"utf-32be", "\0\0\0a\0\x11\0\0"sv, "a\uFFFD", 1},
};

// The same texts in each run.
std::mt19937 seeded(unsigned seed) {
  return std::mt19937(seed);
}

TEST(DecodeAll, GivesUtf8AndCountsWhatMeansNothing) {
  for (const DecodeCase& tried : kDecodeCases) {
    std::size_t num_replaced = 99;
    const auto text = decode_all(tried.bytes, tried.encoding, &num_replaced);
    ASSERT_TRUE(text) << tried.encoding;
    EXPECT_EQ(*text, tried.text) << tried.encoding;
    EXPECT_EQ(num_replaced, tried.num_replaced) << tried.encoding << " " << tried.text;
  }
}

TEST(DecodingSource, GivesTheSameInAnyPieces) {
  for (const DecodeCase& tried : kDecodeCases) {
    for (const std::size_t piece : {1U, 2U, 3U, 100U}) {
      for (const std::size_t room : {1U, 5U, 9U, 100U}) {
        const Streamed result = stream(tried.bytes, tried.encoding, piece, room);
        EXPECT_EQ(result.text, tried.text) << tried.encoding << " by " << piece << " into " << room;
        EXPECT_EQ(result.num_replaced, tried.num_replaced) << tried.encoding;
      }
    }
  }
}

TEST(DecodingSource, GivesLongTextsAsDecodeAllDoes) {
  std::mt19937 random = seeded(5);
  for (const std::string_view encoding : known_encodings()) {
    std::string bytes(80'000, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 4 == 0 ? random() : 'a' + random() % 26);
    std::size_t num_replaced = 0;
    const auto whole = decode_all(bytes, encoding, &num_replaced);
    const Streamed result = stream(bytes, encoding, 70'001, 65'000);
    ASSERT_EQ(result.text, *whole) << encoding;
    ASSERT_EQ(result.num_replaced, num_replaced) << encoding;
    ASSERT_TRUE(is_valid_utf8(result.text)) << encoding;
  }
}

TEST(Encodings, AreKnownByTheirUsualNamesToo) {
  for (const std::string_view name : {"UTF-8", "utf8", "Latin1", "cp1252", "windows_1252", "ANSI",
                                      "ISO8859-2", "mac-roman", "cp850", "UTF-16-LE", "ascii"}) {
    EXPECT_TRUE(is_known_encoding(name)) << name;
  }
  EXPECT_FALSE(is_known_encoding("utf-7"));
  EXPECT_FALSE(is_known_encoding(""));
  EXPECT_THAT(known_encodings(), Contains("windows-1258"));
  EXPECT_THAT(known_encodings(), Contains("iso-8859-16"));
}

TEST(Encodings, AnUnknownOneIsAnErrorOfTheSettingsThatSaysWhatToName) {
  PieceSource source("x", 1);
  const auto decoder = DecodingSource::create(source, "klingon");
  const auto text = decode_all("x", "klingon");
  ASSERT_FALSE(decoder);
  ASSERT_FALSE(text);
  for (const Error& error : {decoder.error(), text.error()}) {
    EXPECT_EQ(error.code, ErrorCode::kConfig);
    EXPECT_EQ(error.message, "\"klingon\" is not an encoding that Homeroom reads");
    EXPECT_THAT(error.hint, HasSubstr("save the file as UTF-8"));
  }
}

TEST(IsValidUtf8, MayAllowForASequenceCutOffAtTheEnd) {
  EXPECT_TRUE(is_valid_utf8("caf\xC3", true));
  EXPECT_FALSE(is_valid_utf8("caf\xC3", false));
  EXPECT_TRUE(is_valid_utf8("\xF0\x9F\x98", true));
  EXPECT_FALSE(is_valid_utf8("\xED\xA0", true));
  EXPECT_FALSE(is_valid_utf8("\xC3x", true));
  EXPECT_TRUE(is_valid_utf8("", false));
}

// The plain definition, a sequence at a time.
bool is_valid_by_the_book(std::string_view bytes) {
  while (!bytes.empty()) {
    const Utf8Sequence sequence = first_utf8_sequence(bytes);
    if (sequence.kind != Utf8Sequence::Kind::kValid) return false;
    bytes.remove_prefix(sequence.size);
  }
  return true;
}

// Whichever of them this machine would choose.
void expect_kernels_stop_where_they_may(std::string_view text) {
#if defined(__x86_64__)
  const std::size_t valid = valid_utf8_prefix(text);
  const auto expect = [&](std::size_t skipped) {
    ASSERT_LE(skipped, valid) << testing::PrintToString(text);
    ASSERT_TRUE(is_valid_by_the_book(text.substr(0, skipped))) << testing::PrintToString(text);
    ASSERT_GT(skipped + 600, valid) << testing::PrintToString(text);
  };
  if (__builtin_cpu_supports("avx2") != 0) expect(skip_utf8_avx2(text.data(), text.size()));
  if (__builtin_cpu_supports("avx512bw") != 0) expect(skip_utf8_avx512(text.data(), text.size()));
#endif
}

TEST(IsValidUtf8, FindsOneWrongByteWhereverItStands) {
  // The first ones alone make texts of ASCII, the first four those of at most two bytes.
  constexpr std::string_view kPieces[] = {"abcdefgh", "a", "é", "Привет", "€", "😀"};
  std::mt19937 random = seeded(6);
  for (int round = 0; round < 4000; ++round) {
    const std::size_t num_pieces = 2 * (1 + random() % 3);
    std::string text;
    while (text.size() < 1500) text += kPieces[random() % num_pieces];
    text.insert(0, random() % 300, 'x');
    ASSERT_TRUE(is_valid_utf8(text));
    text[random() % text.size()] = static_cast<char>(random());
    text.resize(text.size() - random() % 4);
    ASSERT_EQ(is_valid_utf8(text), is_valid_by_the_book(text)) << testing::PrintToString(text);
    expect_kernels_stop_where_they_may(text);
  }
}

}  // namespace
}  // namespace homeroom
