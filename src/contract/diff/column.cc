// What differs between two states of a column.

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "contract/diff/changes.h"

namespace homeroom::contract {
namespace {

std::string text_of(const std::optional<std::string>& value) {
  return value.value_or("");
}

std::optional<std::string> text_of(const std::optional<std::size_t>& value) {
  if (!value) return std::nullopt;
  return fmt::format("{}", *value);
}

std::string text_of(bool is_so) {
  return is_so ? "true" : "false";
}

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

// Every multiple of 1 is one of 0.5.
bool is_finer_step(const std::string& before, const std::string& after) {
  const double steps = number_in(before).value_or(0) / number_in(after).value_or(0);
  return std::abs(steps - std::round(steps)) < 1e-9;
}

void add_limit(std::string_view part, const std::optional<std::string>& before,
               const std::optional<std::string>& after, Tighter tighter, Changes& changes) {
  changes.add(part, text_of(before), text_of(after),
              senders_if(is_tighter(before, after, tighter)));
}

// A rule that values must meet: new or another one refuses what was taken.
void add_rule(std::string_view part, const std::string& before, const std::string& after,
              Changes& changes) {
  changes.add(part, before, after, senders_if(!after.empty()));
}

void diff_limits(const Column& before, const Column& after, Changes& changes) {
  add_limit("minimum", before.minimum, after.minimum, Tighter::kHigher, changes);
  add_limit("maximum", before.maximum, after.maximum, Tighter::kLower, changes);
  add_limit("exclusiveMinimum", before.above, after.above, Tighter::kHigher, changes);
  add_limit("exclusiveMaximum", before.below, after.below, Tighter::kLower, changes);
  add_limit("minLength", text_of(before.min_length), text_of(after.min_length), Tighter::kHigher,
            changes);
  add_limit("maxLength", text_of(before.max_length), text_of(after.max_length), Tighter::kLower,
            changes);
  const bool is_finer =
      !after.multiple_of ||
      (before.multiple_of && is_finer_step(*before.multiple_of, *after.multiple_of));
  changes.add("multipleOf", text_of(before.multiple_of), text_of(after.multiple_of),
              senders_if(!is_finer));
  add_rule("pattern", text_of(before.pattern), text_of(after.pattern), changes);
  add_rule("format", before.format, after.format, changes);
  changes.add("unique", text_of(before.is_unique), text_of(after.is_unique),
              senders_if(after.is_unique, Breaks::kReaders));
  changes.add("required", text_of(before.is_required), text_of(after.is_required),
              senders_if(after.is_required, Breaks::kReaders));
}

// What a value of the table is when the same file is read.
void diff_values(const Column& before, const Column& after, Changes& changes) {
  changes.add("type", std::string(to_string(before.sql_type())),
              std::string(to_string(after.sql_type())), Breaks::kReaders);
  changes.add("kind", std::string(to_string(before.kind)), std::string(to_string(after.kind)),
              Breaks::kSenders);
  changes.add("suppressible", text_of(before.is_suppressible), text_of(after.is_suppressible),
              after.is_suppressible ? Breaks::kNobody : Breaks::kReaders);
  changes.add("a lone school year is its", before.school_year_is_start ? "start" : "end",
              after.school_year_is_start ? "start" : "end", Breaks::kReaders);
  changes.add_list("cleaning rules", before.clean, after.clean, Breaks::kReaders, Breaks::kReaders);
  changes.add("default", text_of(before.default_value), text_of(after.default_value),
              before.default_value ? Breaks::kReaders : Breaks::kNobody);
  changes.add("stands in", join(before.default_from, ", "), join(after.default_from, ", "),
              before.default_from.empty() ? Breaks::kNobody : Breaks::kReaders);
  changes.add("made from", join(before.made_from, ", "), join(after.made_from, ", "),
              before.made_from.empty() ? Breaks::kNobody : Breaks::kReaders);
  changes.add("part of", join(before.part_of, ", "), join(after.part_of, ", "),
              before.part_of.empty() ? Breaks::kNobody : Breaks::kReaders);
}

}  // namespace

void diff_column(const Column& before, const Column& after, Changes& changes) {
  changes.enter(after.name);
  diff_values(before, after, changes);
  diff_limits(before, after, changes);
  changes.add("classification", before.classification, after.classification, Breaks::kNobody);
  changes.add("list", before.list_name, after.list_name, Breaks::kNobody);
  // A file with a lost code is refused; a new code is one that no reader counts yet.
  changes.add_list("codes", codes_of(before), codes_of(after), Breaks::kSenders,
                   after.enumeration != nullptr && before.enumeration != nullptr ? Breaks::kReaders
                                                                                 : Breaks::kNobody);
  changes.add_list("spellings", spellings_of(before), spellings_of(after), Breaks::kSenders,
                   Breaks::kNobody);
  changes.add_list("units", before.units, after.units, Breaks::kSenders, Breaks::kNobody);
  changes.add_list("synonyms", before.synonyms, after.synonyms, Breaks::kSenders, Breaks::kNobody);
  changes.add_list("weak synonyms", before.weak_synonyms, after.weak_synonyms, Breaks::kSenders,
                   Breaks::kNobody);
  changes.add("description", before.description, after.description, Breaks::kNobody);
  changes.add("why", before.why, after.why, Breaks::kNobody);
}

}  // namespace homeroom::contract
