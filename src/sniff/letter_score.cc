#include "sniff/letter_score.h"

#include <cstdint>
#include <string_view>
#include <vector>

#include <utf8proc.h>

namespace homeroom::sniff {
namespace {

enum class Script : std::uint8_t {
  kNone,
  kLatin,
  kGreek,
  kCyrillic,
  kHebrew,
  kArabic,
  kThai,
  kOther
};

Script script_of(utf8proc_int32_t point) {
  const bool is_combining_mark = point >= 0x300 && point < 0x370;  // Vietnamese writes tones so
  if (is_combining_mark || point < 0x250 || (point >= 0x1E00 && point < 0x1F00))
    return Script::kLatin;
  if (point >= 0x370 && point < 0x400) return Script::kGreek;
  if (point >= 0x400 && point < 0x530) return Script::kCyrillic;
  if (point >= 0x590 && point < 0x600) return Script::kHebrew;
  if (point >= 0x600 && point < 0x700) return Script::kArabic;
  if (point >= 0xE00 && point < 0xE80) return Script::kThai;
  return Script::kOther;
}

// A character and what matters of it.
struct Glyph {
  utf8proc_int32_t point = 0;
  Script script = Script::kNone;  ///< of letters and of marks on them
  bool is_capital = false;
  bool is_mark = false;  ///< combines with the letter before it
};

Glyph to_glyph(utf8proc_int32_t point) {
  Glyph glyph{.point = point};
  const utf8proc_category_t category = utf8proc_category(point);
  switch (category) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_MN:
      glyph.is_capital = category == UTF8PROC_CATEGORY_LU;
      glyph.is_mark = category == UTF8PROC_CATEGORY_MN;
      glyph.script = script_of(point);
      break;
    default:
      break;
  }
  return glyph;
}

bool is_letter(const Glyph& glyph) {
  return glyph.script != Script::kNone;
}

// Quotes, dashes and dots that word processors put in.
bool is_typographic(utf8proc_int32_t point) {
  return (point >= 0x2013 && point <= 0x201E) || point == 0x2026 || point == 0x2022 ||
         point == 0xA0 || point == 0xAB || point == 0xBB || point == 0xBF || point == 0xA1;
}

bool is_opening(utf8proc_int32_t point) {
  return point == 0x2018 || point == 0x201A || point == 0x201C || point == 0x201E;
}

bool is_closing(utf8proc_int32_t point) {
  return point == 0x2019 || point == 0x201D;
}

bool is_blank(const Glyph& glyph) {
  return glyph.point <= ' ';
}

double score_letter(const Glyph& before, const Glyph& glyph, const Glyph& after) {
  const auto is_foreign = [&glyph](const Glyph& other) {
    return is_letter(other) && other.script != glyph.script;
  };
  if (is_foreign(before) || is_foreign(after)) return -1;
  if (glyph.is_mark) return is_letter(before) ? 1 : -1;
  const bool is_cased = glyph.script == Script::kLatin || glyph.script == Script::kGreek ||
                        glyph.script == Script::kCyrillic;
  if (is_cased && glyph.is_capital && is_letter(before) && !before.is_capital) return -1;
  const auto is_marked = [](const Glyph& other) { return is_letter(other) && other.point >= 0x80; };
  const bool is_crowded = glyph.script == Script::kLatin && (is_marked(before) || is_marked(after));
  const bool is_alone = !is_letter(before) && !is_letter(after);
  return is_crowded || is_alone ? 0.2 : 1;
}

// A quotation mark or apostrophe where it belongs is as good as a letter in a word.
double score_sign(const Glyph& before, const Glyph& glyph, const Glyph& after) {
  const bool is_inside = is_letter(before) && is_letter(after);
  if (is_inside && glyph.point == 0x2019) return 0.9;
  if (is_opening(glyph.point)) return is_letter(before) || is_blank(after) ? -0.7 : 0.9;
  if (is_closing(glyph.point)) return is_blank(before) || is_letter(after) ? -0.7 : 0.9;
  if (is_typographic(glyph.point)) return is_inside ? -0.7 : 0.5;
  return is_inside ? -1 : 0;
}

double score_glyph(const Glyph& before, const Glyph& glyph, const Glyph& after) {
  const bool is_control = glyph.point < 0xA0 || glyph.point == 0xFFFD;
  if (is_control) return -2;
  return is_letter(glyph) ? score_letter(before, glyph, after) : score_sign(before, glyph, after);
}

std::vector<Glyph> to_glyphs(std::string_view text) {
  std::vector<Glyph> glyphs;
  glyphs.reserve(text.size());
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t size = utf8proc_iterate(at, left, &point);
    if (size <= 0) break;
    glyphs.push_back(to_glyph(point));
    at += size;
    left -= size;
  }
  return glyphs;
}

}  // namespace

LetterScore score_letters(std::string_view text) {
  LetterScore score;
  const std::vector<Glyph> glyphs = to_glyphs(text);
  double sum = 0;
  for (std::size_t i = 0; i < glyphs.size(); ++i) {
    score.num_letters += is_letter(glyphs[i]) ? 1 : 0;
    if (glyphs[i].point < 0x80) continue;
    ++score.num_beyond;
    const Glyph before = i > 0 ? glyphs[i - 1] : Glyph();
    const Glyph after = i + 1 < glyphs.size() ? glyphs[i + 1] : Glyph();
    sum += score_glyph(before, glyphs[i], after);
  }
  if (score.num_beyond > 0) score.mean = sum / static_cast<double>(score.num_beyond);
  return score;
}

}  // namespace homeroom::sniff
