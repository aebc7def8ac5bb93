#include "sniff/encoding.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <uchardet.h>

#include "base/encoding.h"
#include "base/text.h"
#include "sniff/letter_score.h"

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

constexpr std::string_view kDefault = "windows-1252";

// What Western and Cyrillic exports are written in when they are not UTF-8, the default first.
constexpr std::array<std::string_view, 7> kCandidates = {
    kDefault, "macintosh", "ibm850", "ibm437", "windows-1251", "koi8-r", "ibm866"};

constexpr std::size_t kLettersBytes = 64 * 1024;  // looked at by score_letters
constexpr double kClearlyBetter = 0.3;

struct Scored {
  std::string name;
  LetterScore letters;
};

Scored score(std::string_view head, std::string_view encoding) {
  const auto text = decode_all(head.substr(0, kLettersBytes), encoding);
  return {.name = std::string(encoding),
          .letters = text ? score_letters(*text) : LetterScore{.mean = -2}};
}

// Few letters with marks say little to a detector of languages; many of them say a lot.
bool has_many_beyond(const LetterScore& letters) {
  return letters.num_beyond >= 10 && letters.num_beyond * 50 >= letters.num_letters;
}

// ISO 8859-1 is read as Windows 1252, which has all its printed characters and more.
std::string_view superset_of(std::string_view encoding) {
  return encoding == "iso-8859-1" || encoding == "us-ascii" ? kDefault : encoding;
}

// Text of another encoding hardly makes valid sequences; a few damaged bytes do not unmake them.
bool is_mostly_utf8(std::string_view head) {
  std::size_t num_replaced = 0;
  const auto text = decode_all(head, "utf-8", &num_replaced);
  if (!text) return false;
  const auto num_starts =
      std::ranges::count_if(*text, [](char c) { return static_cast<unsigned char>(c) >= 0xC0; });
  return static_cast<std::size_t>(num_starts) >= num_replaced * 10;
}

// The sign for any currency, 0xA4, is hardly ever written; ISO 8859-15 has the euro in its place.
// That encoding has no characters in 0x80 to 0x9F.
bool has_euro_of_latin9(std::string_view head) {
  const auto is_number = [head](std::size_t at) {
    return at < head.size() && head[at] >= '0' && head[at] <= '9';
  };
  bool has_price = false;
  for (std::size_t at = 0; at < head.size(); ++at) {
    const auto byte = static_cast<unsigned char>(head[at]);
    if (byte >= 0x80 && byte < 0xA0) return false;
    if (byte != 0xA4) continue;
    const std::size_t before = at > 0 && head[at - 1] == ' ' ? at - 2 : at - 1;
    const std::size_t after = at + 1 < head.size() && head[at + 1] == ' ' ? at + 2 : at + 1;
    has_price = has_price || is_number(before) || is_number(after);
  }
  return has_price;
}

EncodingGuess guess_by_letters(std::string_view head) {
  Scored best = score(head, kDefault);
  Scored second;
  const LetterScore western = best.letters;
  for (const std::string_view candidate : kCandidates) {
    if (candidate == kDefault) continue;
    Scored other = score(head, candidate);
    if (other.letters.mean > best.letters.mean + kClearlyBetter) std::swap(best, other);
    if (second.name.empty() || other.letters.mean > second.letters.mean) second = std::move(other);
  }
  const std::string voice(superset_of(ask_uchardet(head)));
  const bool is_read = is_known_encoding(voice);
  if (!voice.empty() && voice != best.name && has_many_beyond(western)) {
    Scored heard = is_read ? score(head, voice) : Scored{.name = voice, .letters = {.mean = 1}};
    if (heard.letters.mean >= best.letters.mean - 0.1) {
      second = std::exchange(best, std::move(heard));
    }
  }
  if (best.name == kDefault && has_euro_of_latin9(head)) best.name = "iso-8859-15";
  const double confidence = std::clamp(0.4 + best.letters.mean / 2, 0.1, 0.95);
  return {.name = best.name,
          .confidence = confidence,
          .runner_up = second.name,
          .reason = fmt::format("the bytes are not UTF-8, and their letters make words in {}",
                                best.name)};
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
  if (!is_valid_utf8(head, !is_whole)) {
    return is_mostly_utf8(head) ? EncodingGuess{.name = "utf-8",
                                                .confidence = 0.8,
                                                .runner_up = std::string(kDefault),
                                                .reason = "nearly all bytes are valid UTF-8"}
                                : guess_by_letters(head);
  }
  // ISO 2022 switches between alphabets by escape sequences of ASCII bytes.
  if (head.find("\x1B$") != std::string_view::npos) {
    if (std::string voice = ask_uchardet(head); voice.starts_with("iso-2022")) {
      return {.name = std::move(voice),
              .confidence = 0.9,
              .runner_up = "utf-8",
              .reason = "the file has escape sequences of that encoding"};
    }
  }
  const bool is_ascii =
      std::ranges::all_of(head, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return {.name = "utf-8",
          .confidence = 0.99,
          .runner_up = is_ascii ? "" : std::string(kDefault),
          .reason = "all bytes are valid UTF-8"};
}

}  // namespace homeroom::sniff
