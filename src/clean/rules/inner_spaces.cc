#include <array>

#include "clean/column_edit.h"
#include "clean/inner_blanks.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

void apply(const ColumnContext& /*context*/, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    if (collapse_blanks(edit.text(row), edit.scratch())) edit.replace(row, edit.scratch());
  }
}

constexpr std::array kKinds = {contract::Kind::kText, contract::Kind::kPersonName};

constexpr std::array kExamples = {
    Example{.in = "van der  Berg", .out = "van der Berg"},
    Example{.in = "Grade   1", .out = "Grade 1"},
    Example{.in = "Mary\xC2\xA0"
                  "Ann",
            .out = "Mary Ann"},
    Example{.in = "Mary\tAnn", .out = "Mary Ann"},
    Example{.in = "one line\nanother", .out = "one line\nanother"},
};

}  // namespace

extern const Rule rule_inner_spaces = {
    .name = "inner_spaces",
    .summary = "Makes one space of blanks, tabs and no-break spaces between words",
    .applies_to = kKinds,
    .order = 60,
    .looks_for = kInnerBlanks | kControl | kOddUnicode,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
