#include <array>
#include <string>

#include "base/double_encoding.h"
#include "clean/column_edit.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

constexpr int kMostTimes = 3;

// Certain only where every character beyond ASCII is doubled, one of them as no text spells it.
void apply(const ColumnContext& /*context*/, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    if (!count_double_encoding(edit.text(row)).is_certain()) continue;
    std::string text = undo_double_encoding(edit.text(row));
    for (int times = 1; times < kMostTimes && count_double_encoding(text).is_certain(); ++times) {
      text = undo_double_encoding(text);
    }
    edit.replace(row, text);
  }
}

constexpr std::array kKinds = {Kind::kText, Kind::kPersonName};

constexpr std::array kExamples = {
    Example{.in = "Jos\xC3\x83\xC2\xA9", .out = "Jos\xC3\xA9", .kind = Kind::kPersonName},
    Example{.in = "Ni\xC3\x83\xC2\xB1o", .out = "Ni\xC3\xB1o"},
    Example{.in = "Jos\xC3\xA9", .out = "Jos\xC3\xA9"},
    Example{.in = "JO\xC3\x83O", .out = "JO\xC3\x83O"},
    Example{.in = "Jos\xC3\x83\xC2\xA9 Pe\xC3\xB1"
                  "a",
            .out = "Jos\xC3\x83\xC2\xA9 Pe\xC3\xB1"
                   "a"},
};

}  // namespace

extern const Rule rule_mojibake = {
    .name = "mojibake",
    .summary =
        "Undoes letters that were encoded twice, where every one of the value is and no text is "
        "written that way",
    .applies_to = kKinds,
    .order = 15,
    .looks_for = kNonAscii,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
