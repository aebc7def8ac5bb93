// Property: every kind of column accepts every byte string, in whatever context; what is left
// after one pass is left alone by the next; and a cell ends the same whether or not the cleaner
// had met it before.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "clean/cleaner.h"
#include "clean/column_run.h"
#include "contract/contract.h"
#include "table/batch.h"

namespace {

using namespace homeroom;         // NOLINT(google-build-using-namespace): one small program
using namespace homeroom::clean;  // NOLINT(google-build-using-namespace): the same

const contract::Enumeration* grade_levels() {
  static const contract::ContractSet kContracts = contract::ContractSet::load("").value();
  return kContracts.find_enumeration("grade_level");
}

ColumnContext context_from(std::uint8_t kind, std::uint8_t order, std::uint8_t flags) {
  ColumnContext context;
  context.kind = static_cast<contract::Kind>(kind % 16);
  context.is_declared = (flags & 1U) != 0;
  context.is_suppressible = (flags & 2U) != 0;
  context.school_year_is_start = (flags & 4U) != 0;
  if (context.kind == contract::Kind::kEnumeration) context.enumeration = grade_levels();
  context.profile.date_order = static_cast<DateOrder>(order % 5);
  context.profile.is_fraction = (flags & 8U) != 0;
  context.profile.uses_decimal_comma = (flags & 16U) != 0;
  context.profile.uses_thousands_comma = (flags & 32U) != 0;
  context.profile.all_end_in_point_zero = (flags & 64U) != 0;
  context.profile.mixes_percent_and_fraction = (flags & 128U) != 0;
  return context;
}

struct Run {
  Batch batch;
  CleanedBatch out;
  std::uint64_t num_changed = 0;
};

Run clean_texts(const ColumnContext& context, const std::vector<std::string_view>& texts,
                KeepChanges keep) {
  Run run;
  run.batch.columns.resize(1);
  for (const std::string_view text : texts) {
    run.batch.columns[0].push_back(value_cell(text));
    run.batch.lines.push_back(run.batch.lines.size() + 2);
  }
  Cleaner cleaner = Cleaner::create({context}, keep).value();
  cleaner.clean(run.batch, run.out);
  for (const ChangeCount& count : cleaner.change_counts()) run.num_changed += count.count;
  return run;
}

void require(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const ColumnContext context = context_from(data[0], data[1], data[2]);
  const std::string_view rest(reinterpret_cast<const char*>(data) + 3, size - 3);
  std::vector<std::string_view> texts = split(rest, '\n');
  const std::size_t num_texts = texts.size();
  texts.insert(texts.end(), texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(num_texts));

  const Run run = clean_texts(context, texts, KeepChanges::kNo);
  const Run plain = clean_texts(context, texts, KeepChanges::kYes);
  require(run.num_changed == plain.num_changed);
  require(run.out.bad.size() == plain.out.bad.size());
  std::vector<std::string_view> values;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const Cell& cell = run.batch.columns[0][row];
    const Cell& same = plain.batch.columns[0][row];
    require(cell.state == same.state && cell.text() == same.text());
    if (cell.has_value()) values.push_back(cell.text());
  }
  const Run again = clean_texts(context_once_cleaned(context), values, KeepChanges::kNo);
  require(again.num_changed == 0 && again.out.bad.empty());

  Profiler profiler(1);
  profiler.observe(run.batch);
  (void)profiler.finish();
  return 0;
}
