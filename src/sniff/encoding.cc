#include "sniff/encoding.h"

#include <algorithm>
#include <array>
#include <memory>

#include <uchardet.h>

#include "base/encoding.h"
#include "base/text.h"

namespace homeroom::sniff {
namespace {

using std::string_view_literals::operator""sv;

struct Bom {
  std::string_view bytes;
  std::string_view encoding;
};

// UTF-32 first: its mark starts with that of UTF-16.
constexpr std::array kBoms = {Bom{"\xFF\xFE\0\0"sv, "utf-32le"}, Bom{"\0\0\xFE\xFF"sv, "utf-32be"},
                              Bom{"\xEF\xBB\xBF"sv, "utf-8"}, Bom{"\xFF\xFE"sv, "utf-16le"},
                              Bom{"\xFE\xFF"sv, "utf-16be"}};

// Text in UTF-16 without a mark has a zero in every other byte of its ASCII characters.
std::string_view utf16_by_zeros(std::string_view head) {
  std::array<std::size_t, 2> zeros{};
  const std::size_t size = std::min<std::size_t>(head.size(), 4096) & ~std::size_t{1};
  for (std::size_t at = 0; at < size; ++at) zeros[at % 2] += head[at] == '\0' ? 1 : 0;
  const std::size_t many = size / 8;
  if (size < 4 || std::max(zeros[0], zeros[1]) <= many) return {};
  if (zeros[1] > many && zeros[0] * 8 < zeros[1]) return "utf-16le";
  if (zeros[0] > many && zeros[1] * 8 < zeros[0]) return "utf-16be";
  return {};
}

std::string ask_uchardet(std::string_view head) {
  const std::unique_ptr<uchardet, void (*)(uchardet_t)> detector(uchardet_new(), uchardet_delete);
  if (uchardet_handle_data(detector.get(), head.data(), head.size()) != 0) return {};
  uchardet_data_end(detector.get());
  return to_lower(uchardet_get_charset(detector.get()));
}

}  // namespace

EncodingGuess guess_encoding(std::string_view head, bool is_whole) {
  for (const Bom& bom : kBoms) {
    if (!head.starts_with(bom.bytes)) continue;
    return {.name = std::string(bom.encoding),
            .has_bom = true,
            .reason = "the file starts with a byte order mark"};
  }
  if (const std::string_view utf16 = utf16_by_zeros(head); !utf16.empty()) {
    return {.name = std::string(utf16),
            .confidence = 0.95,
            .runner_up = "utf-8",
            .reason = "every other byte is zero"};
  }
  if (is_valid_utf8(head, !is_whole)) {
    return {.name = "utf-8", .confidence = 0.99, .reason = "all bytes are valid UTF-8"};
  }
  const std::string voice = ask_uchardet(head);
  if (!voice.empty() && is_known_encoding(voice)) {
    return {.name = voice,
            .confidence = 0.6,
            .runner_up = "windows-1252",
            .reason = "the letters are plausible in it"};
  }
  return {.name = "windows-1252",
          .confidence = 0.5,
          .reason = "the bytes are not UTF-8, and no other encoding is more plausible"};
}

}  // namespace homeroom::sniff
