#include "run/adopt/column_study.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "clean/cleaner.h"
#include "clean/tokens.h"
#include "contract/header_index.h"
#include "run/adopt/sensitive.h"
#include "run/reading/input_stream.h"

namespace homeroom::run {
namespace {

using clean::DateOrder;
using contract::Kind;

constexpr std::size_t kLongestName = 51;     // of a column in a contract, bytes
constexpr std::size_t kMostValues = 20;      // of a list of codes
constexpr std::size_t kLongestCode = 30;     // bytes
constexpr std::uint64_t kFewestOfACode = 3;  // on the average

// Calls `take(batch)` for every batch of the file.
template <class Take>
Status each_batch(const PreparedFile& file, const Settings& settings, Take&& take) {
  const auto stream = HOMEROOM_TRY(
      InputStream::open(file.input.path, file.dialect, settings, InputStream::Purpose::kReadAgain));
  Batch batch;
  while (HOMEROOM_TRY(stream->reader().next(batch))) take(batch);
  return {};
}

void count(std::string_view text, std::size_t most, std::vector<CountedText>& counted) {
  const auto known = std::ranges::find(counted, text, &CountedText::text);
  if (known != counted.end()) {
    ++known->count;
  } else if (counted.size() < most) {
    counted.push_back({.text = std::string(text), .count = 1});
  }
}

// A first look at every cell: what stands for nothing, which values there are, what is private.
class Look {
 public:
  explicit Look(std::vector<ColumnStudy>& columns) : columns_(&columns), signs_(columns.size()) {}

  void take(const Batch& batch) {
    for (std::size_t i = 0; i < columns_->size(); ++i) {
      for (const Cell& cell : batch.columns[(*columns_)[i].source]) look(cell, i);
    }
  }

  void finish() {
    for (std::size_t i = 0; i < columns_->size(); ++i) {
      ColumnStudy& column = (*columns_)[i];
      if (column.sensitive_reason.empty()) column.sensitive_reason = signs_[i].reason();
      const bool is_list = column.values.size() <= kMostValues && column.sensitive_reason.empty() &&
                           column.profile.num_values >= kFewestOfACode * column.values.size();
      if (!is_list) column.values.clear();
    }
  }

 private:
  void look(const Cell& cell, std::size_t index) {
    ColumnStudy& column = (*columns_)[index];
    const std::string_view text = trim(cell.text());
    if (text.empty() || clean::is_undeclared_null_token(text)) {
      ++column.num_empty;
      if (!text.empty()) count(text, kMostValues, column.nulls);
      return;
    }
    column.has_leading_zero |=
        text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9';
    signs_[index].observe(text);
    // One text too long, or one value too many, and it is no list.
    const std::size_t most = text.size() > kLongestCode ? 0 : kMostValues + 1;
    if (most == 0) column.values.resize(kMostValues + 1);
    if (column.values.size() <= kMostValues) count(text, most, column.values);
  }

  std::vector<ColumnStudy>* columns_;
  std::vector<SensitiveSigns> signs_;
};

bool has_word(std::string_view header, std::span<const std::string_view> words) {
  const std::string name = fold_name(header);
  return std::ranges::any_of(split(name, '_'), [&](std::string_view word) {
    return std::ranges::find(words, word) != words.end();
  });
}

bool is_identifier(const contract::ContractSet& contracts, const std::string& header) {
  constexpr std::array<std::string_view, 11> kWords = {"id",   "ids", "number", "nbr",  "num", "no",
                                                       "code", "key", "guid",   "uuid", "zip"};
  for (const auto& meaning : contracts.headers().find(contract::header_key(header))) {
    if (contracts.contracts()[meaning.contract].columns[meaning.column].kind == Kind::kIdentifier) {
      return true;
    }
  }
  return has_word(header, kWords);
}

// The kinds that the column may be, the likeliest first.
std::vector<Kind> candidates(const contract::ContractSet& contracts, const ColumnStudy& column) {
  constexpr std::array<std::string_view, 3> kYearWords = {"year", "sy", "ay"};
  constexpr std::array<std::string_view, 3> kMailWords = {"email", "mail", "emails"};
  constexpr std::array<std::string_view, 6> kPhoneWords = {"phone",  "telephone", "tel",
                                                           "mobile", "cell",      "fax"};
  constexpr std::array<std::string_view, 4> kPostcodeWords = {"zip", "zipcode", "postcode",
                                                              "postal"};
  const clean::ColumnProfile& profile = column.profile;
  if (profile.num_values == 0) return {};
  std::vector<Kind> kinds;
  const bool is_decided =
      profile.date_order != DateOrder::kAmbiguous && profile.date_order != DateOrder::kMixed;
  if (profile.has_date && is_decided) kinds.insert(kinds.end(), {Kind::kDate, Kind::kTimestamp});
  if (has_word(column.header, kMailWords)) kinds.push_back(Kind::kEmail);
  if (has_word(column.header, kPhoneWords)) kinds.push_back(Kind::kPhone);
  if (has_word(column.header, kPostcodeWords)) kinds.push_back(Kind::kPostcode);
  if (is_identifier(contracts, column.header)) kinds.push_back(Kind::kIdentifier);
  if (has_word(column.header, kYearWords)) kinds.push_back(Kind::kSchoolYear);
  if (column.has_leading_zero) return kinds;
  if (profile.has_percent_sign) kinds.push_back(Kind::kPercent);
  if (profile.type == SqlType::kBoolean || column.values.size() == 2) {
    kinds.push_back(Kind::kBoolean);
  }
  kinds.insert(kinds.end(), {Kind::kInteger, Kind::kDecimal, Kind::kTime});
  return kinds;
}

// How many cells of each column its kind refuses.
Result<std::vector<std::uint64_t>> count_refused(const PreparedFile& file, const Settings& settings,
                                                 const std::vector<ColumnStudy>& columns,
                                                 const std::vector<Kind>& kinds) {
  std::vector<clean::ColumnContext> contexts(file.header.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    clean::ColumnContext& context = contexts[columns[i].source];
    context.kind = kinds[i];
    context.is_declared = kinds[i] != Kind::kText;
    context.profile = columns[i].profile;
    context.is_suppressible = columns[i].profile.num_suppressed > 0;
  }
  clean::Cleaner cleaner = HOMEROOM_TRY(clean::Cleaner::create(std::move(contexts)));
  std::vector<std::uint64_t> refused(file.header.size());
  clean::CleanedBatch cleaned;
  HOMEROOM_TRY(each_batch(file, settings, [&](Batch& batch) {
    cleaner.clean(batch, cleaned);
    for (const clean::BadCell& bad : cleaned.bad) ++refused[bad.column];
  }));
  return refused;
}

void note_fit(Kind kind, ColumnStudy& column) {
  if (!column.kind_reason.empty()) {
    column.runner_ups.emplace_back(contract::to_string(kind));
    return;
  }
  column.kind = kind;
  column.kind_reason =
      fmt::format("each of its {} can be read so", counted(column.profile.num_values, "value"));
}

// Tries one kind a column at a time, on every value of the columns of which `is_tried`.
Status try_kinds(const PreparedFile& file, const Settings& settings,
                 const std::vector<bool>& is_tried, std::vector<ColumnStudy>& columns) {
  std::vector<std::vector<Kind>> to_try;
  std::size_t num_rounds = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    to_try.push_back(is_tried[i] ? candidates(*settings.contracts, columns[i])
                                 : std::vector<Kind>{});
    num_rounds = std::max(num_rounds, to_try.back().size());
  }
  for (std::size_t round = 0; round < num_rounds; ++round) {
    std::vector<Kind> kinds;
    for (const auto& all : to_try) {
      kinds.push_back(round < all.size() ? all[round] : Kind::kText);
    }
    const auto refused = HOMEROOM_TRY(count_refused(file, settings, columns, kinds));
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (kinds[i] != Kind::kText && refused[columns[i].source] == 0)
        note_fit(kinds[i], columns[i]);
    }
  }
  return {};
}

// One program wrote the file: dates that read both ways are as those of the date columns that do
// not. What stays text says nothing, since it says nothing to whoever reads the contract either.
void decide_by_others(std::vector<ColumnStudy>& columns) {
  const auto has = [&](DateOrder order) {
    return std::ranges::any_of(columns, [order](const ColumnStudy& column) {
      const bool is_date = column.kind == Kind::kDate || column.kind == Kind::kTimestamp;
      return is_date && column.profile.date_order == order;
    });
  };
  const bool is_month = has(DateOrder::kMonthFirst);
  if (is_month == has(DateOrder::kDayFirst)) return;
  for (ColumnStudy& column : columns) {
    if (column.profile.date_order != DateOrder::kAmbiguous) continue;
    column.profile.date_order = is_month ? DateOrder::kMonthFirst : DateOrder::kDayFirst;
  }
}

// Columns whose dates read both ways wait for what the others are.
Status find_kinds(const PreparedFile& file, const Settings& settings,
                  std::vector<ColumnStudy>& columns) {
  std::vector<bool> waits;
  for (const ColumnStudy& column : columns) {
    waits.push_back(column.profile.date_order == DateOrder::kAmbiguous);
  }
  std::vector<bool> others = waits;
  others.flip();
  HOMEROOM_TRY(try_kinds(file, settings, others, columns));
  decide_by_others(columns);
  if (std::ranges::find(waits, true) == waits.end()) return {};
  return try_kinds(file, settings, waits, columns);
}

// A name that a contract may have, and no other column has.
std::string short_name(const std::string& name, std::unordered_set<std::string>& taken) {
  std::string wanted = fold_name(name.substr(0, kLongestName));
  for (std::size_t number = 2; !taken.insert(wanted).second; ++number) {
    const std::string suffix = fmt::format("_{}", number);
    wanted = fold_name(name.substr(0, kLongestName - suffix.size())) + suffix;
  }
  return wanted;
}

}  // namespace

Result<std::vector<ColumnStudy>> study_columns(const PreparedFile& file, const Settings& settings) {
  std::vector<ColumnStudy> columns;
  std::unordered_set<std::string> taken;
  for (std::size_t i = 0; i < file.plan.table.columns.size(); ++i) {
    const shape::ColumnOrigin& origin = file.plan.origins[i];
    const bool is_nameless = origin.from != shape::ColumnOrigin::From::kSource ||
                             fold_name(file.header[origin.source]).empty();
    if (is_nameless) continue;  // nothing could find it again
    ColumnStudy column;
    column.source = origin.source;
    column.name = short_name(file.plan.table.columns[i].name, taken);
    column.header = file.header[origin.source];
    column.profile = file.profiles[origin.source];
    column.sensitive_reason = sensitive_name(*settings.contracts, column.header);
    columns.push_back(std::move(column));
  }
  Look look(columns);
  HOMEROOM_TRY(each_batch(file, settings, [&](const Batch& batch) { look.take(batch); }));
  look.finish();
  HOMEROOM_TRY(find_kinds(file, settings, columns));
  return columns;
}

}  // namespace homeroom::run
