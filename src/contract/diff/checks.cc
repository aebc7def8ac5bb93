// What differs between the checks of two states of a data set.

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.h"
#include "contract/diff/changes.h"

namespace homeroom::contract {
namespace {

std::string text_of(const Quality& quality) {
  std::string text = quality.check;
  for (const auto& [name, values] : quality.arguments) {
    text += fmt::format(", {} {}", name, join(values, "|"));
  }
  if (quality.bound) text += ", must be " + quality.bound->words();
  text += fmt::format(", {}", to_string(quality.severity));
  return quality.why.empty() ? text : fmt::format("{} ({})", text, quality.why);
}

std::string name_of(const Quality& quality) {
  return quality.id.empty() ? "check" : fmt::format("check {}", quality.id);
}

// Under which a later file replaces it; without an id a check is only what it says.
bool is_same(const Quality& one, const Quality& other) {
  if (one.column != other.column || one.id != other.id) return false;
  return !one.id.empty() || (text_of(one) == text_of(other) && one.name == other.name);
}

// True where what met the one bound surely meets the other.
bool is_looser(const Bound& before, const Bound& after) {
  using Operator = Bound::Operator;
  if (before.op != after.op || before.is_percent != after.is_percent) return false;
  const bool is_lower = is_tighter(before.low, after.low, Tighter::kLower);
  switch (before.op) {
    case Operator::kLessThan:
    case Operator::kLessOrEqual:
      return !is_lower;
    case Operator::kGreaterThan:
    case Operator::kGreaterOrEqual:
      return is_lower || before.low == after.low;
    case Operator::kBetween:
      return !is_tighter(before.low, after.low, Tighter::kHigher) &&
             !is_tighter(before.high, after.high, Tighter::kLower);
    default:
      return before.low == after.low && before.high == after.high;
  }
}

bool is_tighter(const Quality& before, const Quality& after) {
  if (after.severity != Severity::kError) return false;  // nothing is refused
  if (before.severity != Severity::kError || before.check != after.check) return true;
  if (before.arguments != after.arguments) return true;
  if (!after.bound) return before.bound.has_value();
  return !before.bound || !is_looser(*before.bound, *after.bound);
}

std::string_view word_of(CheckAction action) {
  constexpr std::array<std::string_view, 4> kWords = {"off", "warn", "quarantine", "hold"};
  return kWords[static_cast<std::size_t>(action)];
}

/// Compares the parts of one check at load.
class LoadCheckDiff {
 public:
  LoadCheckDiff(std::string_view name, CheckAction before, CheckAction after, Changes& changes)
      : name_(name), action_(after), changes_(&changes) {
    changes.add(part("severity"), std::string(word_of(before)), std::string(word_of(after)),
                senders_if(refuses() && after > before));
  }

  template <class Number>
  void add(std::string_view key, Number before, Number after, bool is_tighter) {
    changes_->add(part(key), fmt::format("{:g}", static_cast<double>(before)),
                  fmt::format("{:g}", static_cast<double>(after)),
                  senders_if(refuses() && is_tighter));
  }

  void add_percent(std::string_view key, double before, double after) {
    changes_->add(part(key), percent_text(before), percent_text(after),
                  senders_if(refuses() && after < before));
  }

  void add_text(std::string_view key, const std::string& before, const std::string& after) {
    changes_->add(part(key), before, after, senders_if(refuses() && !after.empty()));
  }

 private:
  [[nodiscard]] std::string part(std::string_view key) const {
    return fmt::format("{} at load: {}", name_, key);
  }

  [[nodiscard]] bool refuses() const { return action_ >= CheckAction::kQuarantine; }

  std::string_view name_;
  CheckAction action_;
  Changes* changes_;
};

std::string time_text(const Freshness& freshness) {
  if (!freshness.time_of_day) return "";
  const auto minutes = freshness.time_of_day->count();
  return fmt::format("{:02}:{:02}, {} minutes of grace", minutes / 60, minutes % 60,
                     freshness.grace.count());
}

void diff_freshness(const Freshness& before, const Freshness& after, Changes& changes) {
  const bool is_earlier =
      after.time_of_day && (!before.time_of_day ||
                            *after.time_of_day + after.grace < *before.time_of_day + before.grace);
  changes.add("due", time_text(before), time_text(after), senders_if(is_earlier));
  if (!before.time_of_day && !after.time_of_day) {
    changes.add("minutes of grace", fmt::format("{}", before.grace.count()),
                fmt::format("{}", after.grace.count()), Breaks::kNobody);
  }
}

std::string path_text(const ReferencePath& path, const std::string& table) {
  return fmt::format("{} -> {}.{}", join(path.columns, " + "), table, join(path.targets, " + "));
}

std::string name_of(const Reference& reference) {
  std::vector<std::string> paths;
  for (const ReferencePath& path : reference.paths) {
    paths.push_back(path_text(path, reference.table));
  }
  return "reference " + join(paths, " or ");
}

std::string text_of(const Reference& reference) {
  constexpr std::array<std::string_view, 3> kWords = {"warn", "pending", "quarantine"};
  return fmt::format("{}, {} known", kWords[static_cast<std::size_t>(reference.when_unknown)],
                     percent_text(reference.min_known_fraction));
}

const Reference* find_same(const Contract& contract, const Reference& reference) {
  const auto found = std::ranges::find_if(contract.references, [&](const Reference& other) {
    return other.table == reference.table && other.paths == reference.paths;
  });
  return found == contract.references.end() ? nullptr : &*found;
}

// Rows that find nothing reach the table where they are only warned of.
Breaks breaks_of(const Reference& before, const Reference& after) {
  const bool is_stricter = after.when_unknown > before.when_unknown ||
                           (after.when_unknown != WhenUnknown::kWarn &&
                            after.min_known_fraction > before.min_known_fraction);
  if (is_stricter) return Breaks::kSenders;
  const bool lets_in =
      after.when_unknown == WhenUnknown::kWarn && before.when_unknown != WhenUnknown::kWarn;
  return lets_in ? Breaks::kReaders : Breaks::kNobody;
}

}  // namespace

void diff_quality(const Contract& before, const Contract& after, Changes& changes) {
  const auto find = [](const Contract& contract, const Quality& quality) {
    const auto found = std::ranges::find_if(
        contract.quality, [&](const Quality& other) { return is_same(quality, other); });
    return found == contract.quality.end() ? nullptr : &*found;
  };
  for (const Quality& quality : before.quality) {
    if (find(after, quality) != nullptr) continue;
    changes.enter(quality.column);
    changes.add(name_of(quality), text_of(quality), "", Breaks::kNobody);
  }
  for (const Quality& quality : after.quality) {
    changes.enter(quality.column);
    const Quality* known = find(before, quality);
    if (known == nullptr) {
      changes.add(name_of(quality), "", text_of(quality),
                  senders_if(quality.severity == Severity::kError));
      continue;
    }
    changes.add(name_of(quality), text_of(*known), text_of(quality),
                senders_if(is_tighter(*known, quality)));
    changes.add(name_of(quality) + ": name", known->name, quality.name, Breaks::kNobody);
  }
}

void diff_load_checks(const LoadChecks& before, const LoadChecks& after, Changes& changes) {
  changes.enter("");
  const VolumeCheck& old = before.volume;
  const VolumeCheck& now = after.volume;
  LoadCheckDiff volume("volume", old.action, now.action, changes);
  volume.add_percent("warnDropPercent", old.warn_drop, now.warn_drop);
  volume.add_percent("holdDropPercent", old.hold_drop, now.hold_drop);
  volume.add("maxDeviation", old.max_deviation, now.max_deviation,
             now.max_deviation < old.max_deviation);
  volume.add("minLoads", old.min_loads, now.min_loads, now.min_loads < old.min_loads);
  volume.add("history", old.history, now.history, false);
  LoadCheckDiff nulls("nullRate", before.null_rate.action, after.null_rate.action, changes);
  nulls.add_percent("maxRisePercent", before.null_rate.max_rise, after.null_rate.max_rise);
  const LoadCheckDiff codes("newCodes", before.new_codes.action, after.new_codes.action, changes);
  LoadCheckDiff drift("drift", before.drift.action, after.drift.action, changes);
  drift.add("maxPsi", before.drift.max_psi, after.drift.max_psi,
            after.drift.max_psi < before.drift.max_psi);
  drift.add("minValues", before.drift.min_values, after.drift.min_values,
            after.drift.min_values < before.drift.min_values);
  LoadCheckDiff day("schoolDay", before.school_day.action, after.school_day.action, changes);
  day.add_text("date", before.school_day.date, after.school_day.date);
  day.add_text("school", before.school_day.school, after.school_day.school);
  diff_freshness(before.freshness, after.freshness, changes);
}

void diff_references(const Contract& before, const Contract& after, Changes& changes) {
  changes.enter("");
  for (const Reference& reference : before.references) {
    if (find_same(after, reference) != nullptr) continue;
    changes.add(name_of(reference), text_of(reference), "", Breaks::kReaders);
  }
  for (const Reference& reference : after.references) {
    const Reference* known = find_same(before, reference);
    if (known == nullptr) {
      changes.add(name_of(reference), "", text_of(reference),
                  senders_if(reference.when_unknown != WhenUnknown::kWarn));
    } else {
      changes.add(name_of(reference), text_of(*known), text_of(reference),
                  breaks_of(*known, reference));
    }
  }
}

}  // namespace homeroom::contract
