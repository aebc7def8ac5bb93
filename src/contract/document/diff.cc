#include "contract/document/diff.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace homeroom::contract {
namespace {

// Those of `left` that are not in `right`, in their order.
std::vector<std::string> without(const std::vector<std::string>& left,
                                 const std::vector<std::string>& right) {
  std::vector<std::string> only;
  for (const std::string& each : left) {
    if (std::ranges::find(right, each) == right.end()) only.push_back(each);
  }
  return only;
}

std::string text_of(const std::optional<std::string>& value) {
  return value.value_or("");
}

std::string text_of(const std::optional<std::size_t>& value) {
  return value ? fmt::format("{}", *value) : "";
}

// Gathers the changes of one column or of the data set itself.
class Changes {
 public:
  Changes(std::string dataset, std::vector<ContractChange>& out)
      : dataset_(std::move(dataset)), out_(&out) {}

  void enter(std::string column) { column_ = std::move(column); }

  void add(std::string_view part, std::string before, std::string after, Breaks breaks) {
    if (before == after) return;
    out_->push_back({.dataset = dataset_,
                     .column = column_,
                     .part = std::string(part),
                     .before = std::move(before),
                     .after = std::move(after),
                     .breaks = breaks});
  }

  // What only one side has of a list whose order does not matter.
  void add_list(std::string_view part, const std::vector<std::string>& before,
                const std::vector<std::string>& after, Breaks of_lost, Breaks of_new) {
    const auto lost = without(before, after);
    const auto added = without(after, before);
    const Breaks breaks = !lost.empty() && of_lost != Breaks::kNobody ? of_lost
                          : added.empty()                             ? Breaks::kNobody
                                                                      : of_new;
    add(part, join(lost, ", "), join(added, ", "), breaks);
  }

 private:
  std::string dataset_;
  std::string column_;
  std::vector<ContractChange>* out_;
};

std::vector<std::string> codes_of(const Column& column) {
  std::vector<std::string> codes;
  if (column.enumeration == nullptr) return codes;
  for (const EnumerationValue& value : column.enumeration->values) codes.push_back(value.code);
  return codes;
}

// "spelling = code", so that a spelling which moved to another code is seen.
std::vector<std::string> spellings_of(const Column& column) {
  std::vector<std::string> spellings;
  if (column.enumeration == nullptr) return spellings;
  for (const auto& [spelling, index] : column.enumeration->by_spelling) {
    spellings.push_back(fmt::format("{} = {}", spelling, column.enumeration->values[index].code));
  }
  std::ranges::sort(spellings);
  return spellings;
}

void diff_checks(const Column& before, const Column& after, Changes& changes) {
  changes.add("minimum", text_of(before.minimum), text_of(after.minimum), Breaks::kSenders);
  changes.add("maximum", text_of(before.maximum), text_of(after.maximum), Breaks::kSenders);
  changes.add("exclusiveMinimum", text_of(before.above), text_of(after.above), Breaks::kSenders);
  changes.add("exclusiveMaximum", text_of(before.below), text_of(after.below), Breaks::kSenders);
  changes.add("multipleOf", text_of(before.multiple_of), text_of(after.multiple_of),
              Breaks::kSenders);
  changes.add("format", before.format, after.format, Breaks::kSenders);
  changes.add("unique", before.is_unique ? "true" : "false", after.is_unique ? "true" : "false",
              Breaks::kSenders);
  changes.add("pattern", text_of(before.pattern), text_of(after.pattern), Breaks::kSenders);
  changes.add("minLength", text_of(before.min_length), text_of(after.min_length), Breaks::kSenders);
  changes.add("maxLength", text_of(before.max_length), text_of(after.max_length), Breaks::kSenders);
}

void diff_column(const Column& before, const Column& after, Changes& changes) {
  changes.enter(after.name);
  changes.add("type", std::string(to_string(before.sql_type())),
              std::string(to_string(after.sql_type())), Breaks::kReaders);
  changes.add("kind", std::string(to_string(before.kind)), std::string(to_string(after.kind)),
              Breaks::kSenders);
  changes.add("required", before.is_required ? "true" : "false",
              after.is_required ? "true" : "false",
              after.is_required ? Breaks::kSenders : Breaks::kReaders);
  changes.add("classification", before.classification, after.classification, Breaks::kNobody);
  diff_checks(before, after, changes);
  // A file with a lost code is refused; a new code is one that no reader counts yet.
  changes.add_list("codes", codes_of(before), codes_of(after), Breaks::kSenders,
                   after.enumeration != nullptr && before.enumeration != nullptr ? Breaks::kReaders
                                                                                 : Breaks::kNobody);
  changes.add_list("spellings", spellings_of(before), spellings_of(after), Breaks::kSenders,
                   Breaks::kNobody);
  changes.add_list("synonyms", before.synonyms, after.synonyms, Breaks::kSenders, Breaks::kNobody);
  changes.add_list("weak synonyms", before.weak_synonyms, after.weak_synonyms, Breaks::kSenders,
                   Breaks::kNobody);
  changes.add_list("cleaning rules", before.clean, after.clean, Breaks::kNobody, Breaks::kNobody);
  changes.add("default", text_of(before.default_value), text_of(after.default_value),
              Breaks::kNobody);
  changes.add("description", before.description, after.description, Breaks::kNobody);
  changes.add("why", before.why, after.why, Breaks::kNobody);
}

std::string_view mode_of(const Contract& contract) {
  return contract.write_mode == WriteMode::kUpsert ? "upsert" : "replace";
}

std::string_view extra_of(const Contract& contract) {
  switch (contract.extra_columns) {
    case ExtraColumns::kAdd:
      return "add";
    case ExtraColumns::kKeep:
      return "keep";
    case ExtraColumns::kIgnore:
      return "ignore";
  }
  return "";
}

std::string groups_of(const Contract& contract) {
  std::vector<std::string> groups;
  for (const auto& group : contract.match_needs) groups.push_back(join(group, " or "));
  return join(groups, "; ");
}

// "minutes: range minutes_plausible", so that a check which came or went is seen.
std::vector<std::string> checks_of(const Contract& contract) {
  std::vector<std::string> checks;
  for (const Quality& quality : contract.quality) {
    checks.push_back(fmt::format("{}{}{} {}", quality.column, quality.column.empty() ? "" : ": ",
                                 quality.check, quality.id));
  }
  return checks;
}

void diff_dataset(const Contract& before, const Contract& after, Changes& changes) {
  changes.add("version", before.version, after.version, Breaks::kNobody);
  changes.add("title", before.title, after.title, Breaks::kNobody);
  changes.add("description", before.description, after.description, Breaks::kNobody);
  changes.add("grain", before.grain, after.grain, Breaks::kReaders);
  changes.add("key", join(before.key, ", "), join(after.key, ", "), Breaks::kReaders);
  changes.add("any of", join(before.any_of, ", "), join(after.any_of, ", "), Breaks::kSenders);
  changes.add("write mode", std::string(mode_of(before)), std::string(mode_of(after)),
              Breaks::kReaders);
  changes.add("extra columns", std::string(extra_of(before)), std::string(extra_of(after)),
              Breaks::kReaders);
  changes.add("scope", join(before.scope, ", "), join(after.scope, ", "), Breaks::kNobody);
  changes.add("match needs", groups_of(before), groups_of(after), Breaks::kSenders);
  changes.add_list("checks", checks_of(before), checks_of(after), Breaks::kNobody,
                   Breaks::kSenders);
  changes.add(
      "bad rows tolerated", fmt::format("{} %", 100 * before.max_bad_fraction),
      fmt::format("{} %", 100 * after.max_bad_fraction),
      after.max_bad_fraction < before.max_bad_fraction ? Breaks::kSenders : Breaks::kNobody);
}

}  // namespace

std::string_view to_string(Breaks breaks) {
  switch (breaks) {
    case Breaks::kNobody:
      return "nobody";
    case Breaks::kReaders:
      return "readers";
    case Breaks::kSenders:
      return "senders";
  }
  return "";
}

std::vector<ContractChange> diff(const Contract& before, const Contract& after) {
  std::vector<ContractChange> all;
  Changes changes(after.name, all);
  diff_dataset(before, after, changes);
  for (const Column& column : before.columns) {
    if (after.find(column.name) >= 0) continue;
    changes.enter(column.name);
    changes.add("column", column.name, "", Breaks::kReaders);
  }
  for (const Column& column : after.columns) {
    const int known = before.find(column.name);
    if (known >= 0) {
      diff_column(before.columns[static_cast<std::size_t>(known)], column, changes);
      continue;
    }
    changes.enter(column.name);
    changes.add("column", "", column.name, column.is_required ? Breaks::kSenders : Breaks::kNobody);
  }
  return all;
}

std::vector<ContractChange> diff(const ContractSet& before, const ContractSet& after) {
  std::vector<ContractChange> all;
  for (const Contract& contract : before.contracts()) {
    const Contract* now = after.find(contract.name);
    if (now == nullptr) {
      Changes(contract.name, all).add("data set", contract.name, "", Breaks::kReaders);
      continue;
    }
    std::ranges::move(diff(contract, *now), std::back_inserter(all));
  }
  for (const Contract& contract : after.contracts()) {
    if (before.find(contract.name) != nullptr) continue;
    Changes(contract.name, all).add("data set", "", contract.name, Breaks::kNobody);
  }
  return all;
}

}  // namespace homeroom::contract
