#include "clean/cleaner.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "clean/column_cleaner.h"
#include "clean/column_edit.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

// All columns together remember about this many outcomes; each at least and at most so many.
constexpr std::size_t kMemoSlots = 16384;
constexpr std::size_t kFewestSlots = 16;
constexpr std::size_t kMostSlots = 2048;

const Rule* find_rule(std::string_view name) {
  const auto rules = all_rules();
  const auto found = std::ranges::find(rules, name, [](const Rule* rule) { return rule->name; });
  return found == rules.end() ? nullptr : *found;
}

bool applies_to(const Rule& rule, contract::Kind kind) {
  return rule.applies_to.empty() ||
         std::ranges::find(rule.applies_to, kind) != rule.applies_to.end();
}

bool is_wanted(const Rule& rule, const ColumnContext& context) {
  const auto& extra = context.extra_rules;
  if (std::ranges::find(extra, rule.name) != extra.end()) return true;
  if (!context.is_declared && rule.needs_declaration) return false;
  return rule.is_default && applies_to(rule, context.kind);
}

Status check_extra_rules(const ColumnContext& context) {
  for (const std::string_view name : context.extra_rules) {
    if (find_rule(name) != nullptr) continue;
    std::vector<std::string> names;
    for (const Rule* rule : all_rules()) names.emplace_back(rule->name);
    const std::string_view near = nearest(name, names);
    return fail(ErrorCode::kConfig, fmt::format("there is no cleaning rule {}", name),
                near.empty() ? "see the reference of cleaning rules for the names"
                             : fmt::format("did you mean {}?", near));
  }
  return {};
}

Result<std::vector<const Rule*>> rules_for(const ColumnContext& context) {
  HOMEROOM_TRY(check_extra_rules(context));
  std::vector<const Rule*> rules;
  for (const Rule* rule : all_rules()) {
    if (is_wanted(*rule, context)) rules.push_back(rule);
  }
  std::ranges::stable_sort(rules, {}, &Rule::order);
  if (rules.size() > kMaxRules) {
    return fail(ErrorCode::kConfig,
                fmt::format("more than {} cleaning rules for one column", kMaxRules),
                "name fewer rules in homeroom.clean");
  }
  return rules;
}

}  // namespace

struct Cleaner::State {
  std::vector<ColumnCleaner> columns;
  KeepChanges keep = KeepChanges::kNo;
  EditMemory memory;
};

Cleaner::Cleaner(std::unique_ptr<State> state) : state_(std::move(state)) {}

Cleaner::Cleaner(Cleaner&&) noexcept = default;
Cleaner& Cleaner::operator=(Cleaner&&) noexcept = default;
Cleaner::~Cleaner() = default;

Result<Cleaner> Cleaner::create(std::vector<ColumnContext> columns, KeepChanges keep) {
  auto state = std::make_unique<State>();
  state->keep = keep;
  const std::size_t share = kMemoSlots / std::max<std::size_t>(columns.size(), 1);
  const std::size_t memo_slots = std::bit_floor(std::clamp(share, kFewestSlots, kMostSlots));
  for (ColumnContext& context : columns) {
    auto rules = HOMEROOM_TRY(rules_for(context));
    const auto index = static_cast<std::uint32_t>(state->columns.size());
    state->columns.emplace_back(index, std::move(context), std::move(rules), memo_slots);
  }
  return Cleaner(std::move(state));
}

void Cleaner::clean(Batch& batch, CleanedBatch& out, std::span<const OpenRows> open) {
  const OpenRows all;
  out.bad.clear();
  out.changes.clear();
  out.samples.clear();
  out.originals.resize(batch.num_columns());
  for (auto& cells : out.originals) cells.clear();
  const std::size_t num_columns = std::min(batch.num_columns(), state_->columns.size());
  for (std::size_t i = 0; i < num_columns; ++i) {
    state_->columns[i].clean(batch, i < open.size() ? open[i] : all, state_->keep, state_->memory,
                             out);
  }
  const auto by_place = [](const auto& cell) { return std::pair(cell.row, cell.column); };
  std::ranges::stable_sort(out.bad, {}, by_place);
  std::ranges::stable_sort(out.changes, {}, by_place);
}

std::vector<ChangeCount> Cleaner::change_counts() const {
  std::vector<ChangeCount> counts;
  for (std::size_t column = 0; column < state_->columns.size(); ++column) {
    const ColumnCleaner& cleaner = state_->columns[column];
    for (std::size_t i = 0; i < cleaner.rules().size(); ++i) {
      if (cleaner.counts()[i] == 0) continue;
      counts.push_back(
          {.column = column, .rule = cleaner.rules()[i]->name, .count = cleaner.counts()[i]});
    }
  }
  std::ranges::sort(counts, {},
                    [](const ChangeCount& count) { return std::pair(count.column, count.rule); });
  return counts;
}

}  // namespace homeroom::clean
