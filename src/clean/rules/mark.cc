#include <array>
#include <string>
#include <string_view>

#include "clean/column_edit.h"
#include "clean/inner_blanks.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

// What word processors make of the minus in "A-".
constexpr std::array<std::string_view, 3> kDashes = {"\xE2\x88\x92", "\xE2\x80\x93",
                                                     "\xE2\x80\x90"};

void apply(const ColumnContext& /*context*/, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    std::string& out = edit.scratch();
    collapse_blanks(edit.text(row), out);
    for (const std::string_view dash : kDashes) {
      if (!out.ends_with(dash)) continue;
      out.resize(out.size() - dash.size());
      out.push_back('-');
    }
    edit.replace(row, out);
  }
}

constexpr std::array kKinds = {Kind::kMark};

constexpr std::array kExamples = {
    Example{.in = "85.12  B+", .out = "85.12 B+", .kind = Kind::kMark},
    Example{.in = "A\xE2\x88\x92", .out = "A-", .kind = Kind::kMark},
    Example{.in = "b+", .out = "b+", .kind = Kind::kMark},
    Example{.in = "INC", .out = "INC", .kind = Kind::kMark},
};

}  // namespace

extern const Rule rule_mark = {
    .name = "mark",
    .summary = "Keeps a course mark as given, with one space between its parts and a plain minus",
    .applies_to = kKinds,
    .order = 60,
    .looks_for = kInnerBlanks | kControl | kOddUnicode,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
