#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"
#include "clean/column_edit.h"
#include "clean/contact_text.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

constexpr std::string_view kLink = "mailto:";

// What mail programs and lists put around an address.
std::string_view bare_address(std::string_view text) {
  if (equals_ignoring_case(text.substr(0, kLink.size()), kLink)) text.remove_prefix(kLink.size());
  while (!text.empty() && (text.back() == ';' || text.back() == ',')) text.remove_suffix(1);
  text = trim(text);
  if (text.starts_with('<') && text.ends_with('>') && text.size() > 2) {
    text = trim(text.substr(1, text.size() - 2));
  }
  return text;
}

// An address beyond the plain ones: of other letters than ASCII's.
bool is_other_address(std::string_view text) {
  const bool has_high = std::ranges::any_of(text, [](char c) { return (c & 0x80) != 0; });
  const std::size_t at = text.find('@');
  return has_high && at != std::string_view::npos && at > 0 &&
         text.find('.', at + 2) != std::string_view::npos && text.back() != '.' &&
         std::ranges::count(text, '@') == 1 && std::ranges::none_of(text, [](char c) {
           return c == ',' || c == ';' || c == '<' || c == '>' ||
                  static_cast<unsigned char>(c) <= 0x20;
         });
}

void apply(const ColumnContext& /*context*/, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    const std::string_view address = bare_address(edit.text(row));
    if (is_plain_email(address) || is_other_address(address)) {
      edit.replace_with_view(row, address);
    } else if (std::ranges::count(address, '@') > 1) {
      edit.mark_bad(row, "more than one e-mail address");
    } else {
      edit.mark_bad(row, "not an e-mail address");
    }
  }
}

constexpr std::array kKinds = {Kind::kEmail};

constexpr Example example(std::string_view in, std::string_view out) {
  return {.in = in,
          .out = out,
          .state = out.empty() ? CellState::kBad : CellState::kValue,
          .kind = Kind::kEmail};
}

constexpr std::array kExamples = {
    example("ana.ruiz@example.org", "ana.ruiz@example.org"),
    example("mailto:ana@example.org", "ana@example.org"),
    example("<ana@example.org>;", "ana@example.org"),
    example("Ana@Example.ORG", "Ana@Example.ORG"),
    example("jos\xC3\xA9@example.org", "jos\xC3\xA9@example.org"),
    example("ana@example.org; ben@example.org", ""),
    example("ana(at)example.org", ""),
    example("ana@example", ""),
};

}  // namespace

extern const Rule rule_email = {
    .name = "email",
    .summary =
        "Takes an e-mail address out of mailto: and angle brackets; letters keep their case. "
        "Refuses what is no address, or more than one",
    .applies_to = kKinds,
    .order = 100,
    .looks_for = kUnread,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
