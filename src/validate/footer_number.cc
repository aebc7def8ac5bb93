#include "validate/footer_number.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "validate/decimal.h"

namespace homeroom::validate {
namespace {

// Three digits behind each mark, as in 1,204,000.
bool has_thousands_marks(std::string_view whole) {
  const std::size_t first = whole.find(',');
  if (first == 0 || first > 3) return false;
  for (std::size_t at = first; at < whole.size(); at += 4) {
    const std::string_view digits = whole.substr(at + 1, 3);
    if (whole[at] != ',' || digits.size() != 3 || digits.find(',') != digits.npos) return false;
  }
  return true;
}

}  // namespace

std::optional<std::string> plain_number(std::string_view text) {
  text = trim(text);
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  if (text.starts_with('$')) text = trim(text.substr(1));
  if (text.ends_with('%')) text = trim(text.substr(0, text.size() - 1));
  const std::string_view whole = text.substr(0, text.find('.'));
  if (whole.find(',') != whole.npos && !has_thousands_marks(whole)) return std::nullopt;
  std::string plain = is_negative ? "-" : "";
  std::ranges::copy_if(text, std::back_inserter(plain), [](char c) { return c != ','; });
  return parse_decimal(plain) ? std::optional(plain) : std::nullopt;
}

std::optional<FooterNumber> find_number(std::span<const FooterRow> footers,
                                        const FooterPlace& place) {
  const std::string marked = to_lower(place.marked);
  for (const FooterRow& footer : footers) {
    const auto first = std::ranges::find_if(
        footer.texts, [](const std::string& text) { return !trim(text).empty(); });
    if (first == footer.texts.end() || !to_lower(trim(*first)).starts_with(marked)) continue;
    if (place.field == 0 || place.field > footer.texts.size()) continue;
    auto number = plain_number(footer.texts[place.field - 1]);
    if (number) return FooterNumber{.line = footer.line, .text = *std::move(number)};
  }
  return std::nullopt;
}

Result<FooterPlace> footer_place(const contract::Quality& quality) {
  FooterPlace place;
  if (const std::string* marked = quality.find("marked")) place.marked = *marked;
  if (!quality.arguments.contains("field")) return place;
  const std::string* text = quality.find("field");
  if (text != nullptr) {
    const char* const end = text->data() + text->size();
    const auto [stopped, error] = std::from_chars(text->data(), end, place.field);
    if (error == std::errc() && stopped == end && place.field > 0) return place;
  }
  return fail_quality(quality, "field is not the position of a field",
                      "count the trailer's fields from 1");
}

Result<bool> is_optional(const contract::Quality& quality) {
  if (!quality.arguments.contains("optional")) return false;
  const std::string* text = quality.find("optional");
  if (text != nullptr && (*text == "true" || *text == "false")) return *text == "true";
  return fail_quality(quality, "optional is neither true nor false",
                      "write optional: true where files may come without");
}

}  // namespace homeroom::validate
