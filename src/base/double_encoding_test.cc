#include "base/double_encoding.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/byte_source.h"
#include "base/encoding.h"
#include "base/result.h"

namespace homeroom {
namespace {

using Action = DoubleEncodingSource::Action;

// Gives its text in pieces.
class Pieces final : public ByteSource {
 public:
  Pieces(std::string_view text, std::size_t piece) : text_(text), piece_(piece) {}

  [[nodiscard]] Result<std::size_t> read(std::span<char> out) override {
    const std::size_t size = std::min({out.size(), piece_, text_.size()});
    std::memcpy(out.data(), text_.data(), size);
    text_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view text_;
  std::size_t piece_;
};

// What a program makes of UTF-8 that it takes for Windows-1252; bytes that mean nothing there
// become control characters.
std::string encoded_twice(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::size_t num_replaced = 0;
    const auto one = decode_all(text.substr(at, 1), "windows-1252", &num_replaced);
    out += num_replaced > 0 ? "\xC2" + std::string(text.substr(at, 1)) : one.value_or("");
  }
  return out;
}

TEST(DoubleEncoding, UndoesWhatWasEncodedTwice) {
  for (const std::string_view text :
       {"José", "naïve café", "Łódź", "“quoted” – it’s", "5 °C", "Ωmega", "Привет", "😀 ok", "中文",
        "a\nb,c", "€ 5", "œuvre"}) {
    EXPECT_EQ(undo_double_encoding(encoded_twice(text)), text);
  }
}

TEST(DoubleEncoding, LeavesRightTextAlone) {
  for (const std::string_view text : {"José", "„Spaß”", "CAFÉ…", "NÃO", "São João", "Ångström",
                                      "É – È", "½ µm", "Привет", "中文", "😀", "Ã", "Â", "â€"}) {
    EXPECT_EQ(undo_double_encoding(text), text);
    EXPECT_EQ(count_double_encoding(text).num_doubled, 0U) << text;
  }
}

TEST(DoubleEncoding, IsCertainOnlyWhereNothingSpeaksAgainstIt) {
  const struct {
    std::string text;
    bool is_certain;
  } cases[] = {
      {"id,name\n1,JosÃ©\n", true},
      {"id,name\n1,Jose\n", false},
      {"id,name\n1,JosÃ©\n2,Zoë\n", false},
      {"itâ€™s\n", true},
      // "ē" and "œ" may be meant as they stand: "Ä“" and "Å“".
      {"„Ä“\n", false},
      {"Å“\n", false},
      {"Å“uvre, Ã©tÃ©\n", true},
  };

  for (const auto& [text, is_certain] : cases) {
    EXPECT_EQ(count_double_encoding(text).is_certain(), is_certain) << text;
  }
}

TEST(DoubleEncoding, SaysWhereTheFirstOneStands) {
  EXPECT_EQ(count_double_encoding("ab\nÃ©").first_offset, 3U);
}

TEST(DoubleEncoding, CountsLettersThatWereLostInPiecesOfAnySize) {
  std::string text = "ï";  // begins as U+FFFD does not
  for (int i = 0; i < 30; ++i) text += "Zo\xEF\xBF\xBD, \xEF\xBB\xBF" + std::string(i % 13, 'x');
  text += "MuÃ±oz, Muï¿½oz \xEF\xBF\xBD";
  for (const std::size_t piece : {1UL, 2UL, 3UL, 5UL, 11UL, 12UL, 13UL, 64UL, 1000UL, 100000UL}) {
    Pieces pieces(text, piece);
    const auto source = DoubleEncodingSource::create(pieces, Action::kCount);
    std::string buffer(piece + 7, '\0');
    for (std::size_t size = 1; size > 0;) {
      const auto got = source->read({buffer.data(), buffer.size()});
      ASSERT_TRUE(got);
      size = *got;
    }
    EXPECT_EQ(source->count().num_lost, 32U) << piece;
    EXPECT_EQ(source->count().first_lost_offset, 4U) << piece;
    EXPECT_EQ(source->count().num_doubled, 2U) << piece;
  }
}

TEST(DoubleEncoding, IsTheSameInPiecesOfAnySize) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += "JosÃ© â€™ ðŸ˜€ Zoë, „Spaß”\n" + std::string(static_cast<std::size_t>(i % 13), 'x');
  }
  const DoubleEncodingCount expected = count_double_encoding(text);
  EXPECT_GT(expected.num_doubled, 0U);
  for (const std::size_t piece : {1UL, 2UL, 3UL, 5UL, 11UL, 12UL, 13UL, 64UL, 1000UL, 100000UL}) {
    for (const Action action : {Action::kCount, Action::kUndo}) {
      Pieces pieces(text, piece);
      const auto source = DoubleEncodingSource::create(pieces, action);
      std::string out;
      std::string buffer(piece + 7, '\0');
      while (true) {
        const auto size = source->read({buffer.data(), buffer.size()});
        ASSERT_TRUE(size);
        if (*size == 0) break;
        out.append(buffer, 0, *size);
      }
      EXPECT_EQ(out, action == Action::kUndo ? undo_double_encoding(text) : text) << piece;
      EXPECT_EQ(source->count().num_doubled, expected.num_doubled) << piece;
      EXPECT_EQ(source->count().num_sure, expected.num_sure) << piece;
      EXPECT_EQ(source->count().first_offset, expected.first_offset) << piece;
    }
  }
}

}  // namespace
}  // namespace homeroom
