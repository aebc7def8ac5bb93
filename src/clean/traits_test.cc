#include "clean/traits.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace homeroom::clean {
namespace {

// The same facts, one byte at a time.
Traits slow_traits(std::string_view text) {
  Traits traits = 0;
  bool was_blank = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\r') || byte == 0x7F) traits |= kControl;
    if (byte >= 0x80) traits |= kNonAscii;
    if (byte >= 0xC0 && (byte < 0xC3 || byte > 0xCB)) traits |= kOddUnicode;
    if (byte == '.') traits |= kPoint;
    if (byte == '+') traits |= kPlus;
    if (byte == ' ' && was_blank) traits |= kInnerBlanks;
    was_blank = byte == ' ';
  }
  return traits;
}

TEST(Classify, AgreesWithALookAtEachByte) {
  constexpr Traits kByteTraits = kControl | kNonAscii | kOddUnicode | kPoint | kPlus | kInnerBlanks;
  constexpr std::string_view kBytes = "a 9.+\n\r\t\x01\x7F\x80\xBF\xC2\xC3\xCB\xCC\xE2\xFF ~ ";
  std::uint64_t state = 3;
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (std::size_t size = 1 + static_cast<std::size_t>(i) % 35; text.size() < size;) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      text += kBytes[(state >> 33U) % kBytes.size()];
    }
    EXPECT_EQ(classify(text) & kByteTraits, slow_traits(text)) << testing::PrintToString(text);
  }
}

TEST(Classify, SeesAPairOfBlanksAcrossWords) {
  for (std::size_t at = 1; at < 30; ++at) {
    std::string text(32, 'x');
    text.replace(at, 2, "  ");
    EXPECT_TRUE(classify(text) & kInnerBlanks) << at;
    text.replace(at, 2, " x");
    EXPECT_FALSE(classify(text) & kInnerBlanks) << at;
  }
}

TEST(Classify, LooksAtTheEdges) {
  const std::vector<std::pair<std::string, Traits>> table = {
      {" a", kOuterBlank}, {"a\t", kOuterBlank}, {"a b", 0},       {"=\"1\"", kEquals},
      {"N/A", kToken},     {"n<10", kToken},     {"none", kToken}, {"Nora Smith", 0},
  };
  for (const auto& [text, traits] : table) {
    EXPECT_EQ(classify(text) & (kOuterBlank | kEquals | kToken), traits) << text;
  }
}

}  // namespace
}  // namespace homeroom::clean
