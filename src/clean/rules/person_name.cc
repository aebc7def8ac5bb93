#include <array>
#include <string_view>

#include "clean/column_edit.h"
#include "clean/contact_text.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

void apply(const ColumnContext& /*context*/, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    if (tidy_name(edit.text(row), edit.scratch())) edit.replace(row, edit.scratch());
  }
}

constexpr std::array kKinds = {Kind::kPersonName};

constexpr Example example(std::string_view in, std::string_view out) {
  return {.in = in, .out = out, .kind = Kind::kPersonName};
}

constexpr std::array kExamples = {
    example("O''Boyle", "O'Boyle"),
    example("Ruiz,Ana", "Ruiz, Ana"),
    example("Ruiz , Ana , Jr.", "Ruiz, Ana, Jr."),
    example("Ruiz,", "Ruiz"),
    example("King,, III", "King, III"),
    example("DE LA CRUZ", "DE LA CRUZ"),
    example("Smith Jr", "Smith Jr"),
    example("D\xE2\x80\x99"
            "Arcy",
            "D\xE2\x80\x99"
            "Arcy"),
};

}  // namespace

extern const Rule rule_person_name = {
    .name = "person_name",
    .summary =
        "Keeps a name as it is written, in either order; makes one apostrophe of two that a "
        "program doubled, and sets commas (\"Last, First, Jr.\") right",
    .applies_to = kKinds,
    .order = 100,
    .looks_for = kUnread,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
