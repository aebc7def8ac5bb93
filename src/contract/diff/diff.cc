#include "contract/diff/diff.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "contract/diff/changes.h"

namespace homeroom::contract {
namespace {

std::string_view mode_of(const Contract& contract) {
  switch (contract.write_mode) {
    case WriteMode::kUpsert:
      return "upsert";
    case WriteMode::kReplace:
      return "replace";
    case WriteMode::kSnapshot:
      return "snapshot";
  }
  return "";
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

std::string unpivot_of(const Contract& contract) {
  if (!contract.unpivot) return "";
  const Unpivot& unpivot = *contract.unpivot;
  return fmt::format("{} by {}, besides {}", join(unpivot.measures, ", "),
                     join(unpivot.dimensions, ", "), join(unpivot.besides, ", "));
}

// "staar_*.txt delimiter=tab", so that files which are read otherwise are seen.
std::vector<std::string> files_of(const Contract& contract) {
  std::vector<std::string> all;
  for (const NamedFiles& files : contract.files) {
    std::string text = files.pattern + files.given.as_text();
    for (const FixedColumn& column : files.given.layout) {
      text += fmt::format(" {}@{}+{}", column.name, column.start, column.length);
    }
    all.push_back(std::move(text));
  }
  return all;
}

// Which files are the data set.
void diff_match(const Contract& before, const Contract& after, Changes& changes) {
  constexpr Breaks kNobody = Breaks::kNobody;
  constexpr Breaks kSenders = Breaks::kSenders;
  changes.add_list("files", files_of(before), files_of(after), kSenders, kNobody);
  changes.add_list("name hints", before.name_hints, after.name_hints, kSenders, kNobody);
  changes.add("match needs", groups_of(before), groups_of(after),
              senders_if(!after.match_needs.empty()));
  changes.add_list("carries", before.carries, after.carries, kSenders, kNobody);
  changes.add_list("excludes", before.excludes, after.excludes, kNobody, kSenders);
  changes.add("columns known at least", percent_text(before.min_known_fraction),
              percent_text(after.min_known_fraction),
              senders_if(after.min_known_fraction > before.min_known_fraction));
  changes.add_list("school year from", before.school_year_from, after.school_year_from, kSenders,
                   kNobody);
  changes.add("unpivot", unpivot_of(before), unpivot_of(after),
              senders_if(before.unpivot.has_value()));
}

void diff_dataset(const Contract& before, const Contract& after, Changes& changes) {
  changes.add("version", before.version, after.version, Breaks::kNobody);
  changes.add("title", before.title, after.title, Breaks::kNobody);
  changes.add("description", before.description, after.description, Breaks::kNobody);
  changes.add("grain", before.grain, after.grain, Breaks::kReaders);
  changes.add("key", join(before.key, ", "), join(after.key, ", "), Breaks::kReaders);
  changes.add("any of", join(before.any_of, ", "), join(after.any_of, ", "),
              senders_if(!after.any_of.empty()));
  changes.add("write mode", std::string(mode_of(before)), std::string(mode_of(after)),
              Breaks::kReaders);
  changes.add("extra columns", std::string(extra_of(before)), std::string(extra_of(after)),
              Breaks::kReaders);
  changes.add("scope", join(before.scope, ", "), join(after.scope, ", "),
              after.write_mode == WriteMode::kUpsert ? Breaks::kNobody : Breaks::kReaders);
  changes.add("snapshot at least", percent_text(before.min_snapshot_fraction),
              percent_text(after.min_snapshot_fraction),
              senders_if(after.min_snapshot_fraction > before.min_snapshot_fraction));
  changes.add("true period", join(before.true_period, ", "), join(after.true_period, ", "),
              Breaks::kReaders);
  changes.add("bad rows tolerated", percent_text(before.max_bad_fraction),
              percent_text(after.max_bad_fraction),
              senders_if(after.max_bad_fraction < before.max_bad_fraction));
  diff_match(before, after, changes);
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
  diff_load_checks(before.load_checks, after.load_checks, changes);
  diff_references(before, after, changes);
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
  diff_quality(before, after, changes);
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
