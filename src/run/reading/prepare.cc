#include "run/reading/prepare.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "clean/profile.h"
#include "contract/named_files.h"
#include "run/bundle/layout.h"
#include "run/reading/header_names.h"
#include "run/reading/input_stream.h"
#include "run/reading/profile.h"
#include "run/reading/reading.h"
#include "sniff/sniff.h"

namespace homeroom::run {
namespace {

// What the file's name and header say together of its columns, for the data set that is wanted.
const Layout* layout_of(const Settings& settings, const PreparedFile& file) {
  const std::string& said = settings.dataset;
  return find_layout(file.name.stem, file.header, said.empty() ? file.input.place.dataset : said);
}

// Made-up names match nothing: a file without a header says nothing about its columns.
Result<std::optional<contract::Match>> find_match(const Settings& settings,
                                                  const PreparedFile& file,
                                                  const contract::KnownFile& known,
                                                  const Layout* layout, bool has_header,
                                                  std::span<const clean::ColumnProfile> profiles) {
  std::vector<char> is_empty;
  for (const clean::ColumnProfile& profile : profiles) {
    is_empty.push_back(profile.num_values + profile.num_suppressed == 0 ? 1 : 0);
  }
  // A header alone is all there is to go by: the empty export of a data set is still its export.
  if (std::ranges::find(is_empty, 0) == is_empty.end()) is_empty.assign(is_empty.size(), 0);
  const std::string_view said = !settings.dataset.empty()   ? settings.dataset
                                : known.contract != nullptr ? known.contract->name
                                                            : file.input.place.dataset;
  if (!said.empty()) {
    const std::vector<std::string> header =
        layout == nullptr ? file.header : renamed(*layout, file.header);
    return HOMEROOM_TRY(contract::match_to(*file.contracts, said, header, file.name, is_empty));
  }
  if (!has_header || layout != nullptr) return std::nullopt;
  return contract::match_file(*file.contracts, file.header, file.name, is_empty);
}

// A table of its own has a key where the format says so, and rows that are not in a file stay.
void set_key(const Layout& layout, PreparedFile& file) {
  const auto position = position_of(file.header, layout.key);
  for (std::size_t i = 0; position && i < file.plan.origins.size(); ++i) {
    const shape::ColumnOrigin& origin = file.plan.origins[i];
    const bool is_key =
        origin.from == shape::ColumnOrigin::From::kSource && origin.source == *position;
    if (is_key) file.plan.table.key = {file.plan.table.columns[i].name};
  }
}

// Where rows are repeated for something of which a row has several, it is in no table.
void leave_out_repeated(const Layout& layout, PreparedFile& file, FileReport& report) {
  shape::ShapePlan& plan = file.plan;
  std::size_t num_left_out = 0;
  for (const std::string_view name : layout.repeated) {
    const auto position = position_of(file.header, name);
    for (std::size_t i = 0; position && i < plan.origins.size(); ++i) {
      const shape::ColumnOrigin& origin = plan.origins[i];
      if (origin.from != shape::ColumnOrigin::From::kSource || origin.source != *position) continue;
      const auto at = static_cast<std::ptrdiff_t>(i);
      plan.table.columns.erase(plan.table.columns.begin() + at);
      plan.contract_columns.erase(plan.contract_columns.begin() + at);
      plan.origins.erase(plan.origins.begin() + at);
      ++num_left_out;
      break;
    }
  }
  if (num_left_out == 0) return;
  report.add_issue({.line = 0,
                    .column = {},
                    .rule = "repeated_rows",
                    .severity = Severity::kInfo,
                    .message = fmt::format("{} columns from {} on are loaded into no table: the "
                                           "file repeats a row for each of them that it has",
                                           num_left_out, layout.repeated.front()),
                    .suggestion = "they stay in the raw file"});
}

void set_filter(const Layout* layout, PreparedFile& file) {
  if (layout == nullptr || layout->rows == RowsMeant::kAll) return;
  const bool is_by_user = layout->rows == RowsMeant::kByUser;
  if (is_by_user && file.input.place.ids == nullptr) return;
  const auto column = position_of(file.header, layout->column);
  if (column) file.filter = {.layout = layout, .column = *column, .ids = file.input.place.ids};
}

std::string table_name_of(const PreparedFile& file, const Layout* layout) {
  if (layout == nullptr) return contract::table_name(file.name, *file.contracts);
  return fmt::format("{}{}", kOneRosterTable, fold_name(file.name.stem));
}

void hold(std::string reason, std::string hint, FileReport& report) {
  report.status = FileStatus::kHeld;
  report.reason = fmt::format("{}; {}", reason, hint);
  report.add_issue({.line = 0,
                    .column = {},
                    .rule = "bundle",
                    .severity = Severity::kError,
                    .message = std::move(reason),
                    .suggestion = std::move(hint)});
}

// What the files beside it say of the file.
void hold_by_place(const PreparedFile& file, FileReport& report) {
  const source::BundlePlace& place = file.input.place;
  if (!place.hold.empty()) {
    hold(place.hold, place.hold_hint, report);
  } else if (place.is_delta && !file.match && file.plan.table.key.empty()) {
    hold("it holds changes only, and nothing says which rows are the same ones",
         "send all rows of it, as bulk", report);
  }
}

// The data set could not hold any value of such a column: it is kept under its own name instead.
void set_aside_dateless(std::span<const clean::ColumnProfile> profiles, PreparedFile& file,
                        FileReport& report) {
  if (!file.match || file.match->contract->extra_columns == contract::ExtraColumns::kIgnore) {
    return;
  }
  for (const std::size_t index : clean::dateless_columns(*file.match, profiles)) {
    const int column = std::exchange(file.match->columns[index], {}).column;
    report.add_issue({.line = 0,
                      .field = static_cast<std::uint32_t>(index + 1),
                      .column = file.header[index],
                      .rule = "date_to_iso",
                      .severity = Severity::kWarning,
                      .message = fmt::format(
                          "none of its {} values is a date: kept as it is, {} stays without it",
                          with_thousands(profiles[index].num_values),
                          file.match->contract->columns[static_cast<std::size_t>(column)].name),
                      .suggestion = "export the column as YYYY-MM-DD"});
  }
}

void report_left_out(const PreparedFile& file, FileReport& report) {
  for (const std::size_t index : file.plan.left_out) {
    report.add_issue({.line = 0,
                      .field = static_cast<std::uint32_t>(index + 1),
                      .column = file.header[index],
                      .rule = "secret_column",
                      .severity = Severity::kWarning,
                      .message = "holds passwords by its name: it is loaded into no table",
                      .suggestion = "leave the column out of the export"});
  }
}

// The one school year that all rows are of, as far as the user or the file's name says it; 0 where
// each row says its own.
int school_year_of(const Settings& settings, const PreparedFile& file) {
  const auto& columns = file.plan.table.columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool is_in_file = file.plan.origins[i].from == shape::ColumnOrigin::From::kSource;
    if (columns[i].name == kSchoolYearColumn && is_in_file) return 0;
  }
  if (settings.school_year) return *settings.school_year;
  return contract::school_year_in_name(file.name).value_or(0);
}

void hold_undecided(const PreparedFile& file, std::span<const clean::ColumnProfile> profiles,
                    FileReport& report) {
  const contract::Match* match = file.match ? &*file.match : nullptr;
  for (Issue& issue : clean::undecided_columns(match, file.header, profiles)) {
    if (report.reason.empty()) {
      report.status = FileStatus::kHeld;
      report.reason = fmt::format("column {}: {}", issue.column, issue.message);
    }
    report.add_issue(std::move(issue));
  }
}

}  // namespace

bool RowFilter::keeps(std::string_view value) const {
  if (layout->rows == RowsMeant::kByUser) {
    return std::ranges::binary_search(*ids, hash_of_id(value));
  }
  return std::ranges::any_of(layout->words, [&](std::string_view word) {
    return equals_ignoring_case(trim(value), word);
  });
}

std::string PreparedFile::object_name() const {
  return run::object_name(name.stem, sha256);
}

std::string object_name(std::string_view stem, std::string_view sha256) {
  std::string safe(stem);
  std::ranges::replace_if(
      safe,
      [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || c == '/' || c == '\\' || c == ':' || byte == 0x7F;
      },
      '_');
  constexpr std::size_t kMaxStemBytes = 120;
  if (safe.size() > kMaxStemBytes) safe.resize(kMaxStemBytes);
  while (!safe.empty() && (static_cast<unsigned char>(safe.back()) & 0xC0) == 0x80) {
    safe.pop_back();  // a cut in mid-character leaves no torn UTF-8 behind
  }
  return fmt::format("{}-{}", safe.empty() ? "file" : safe, sha256.substr(0, 8));
}

std::string ledger_path(const source::InputFile& input) {
  const std::string path = input.location.string();
  return input.place.is_part ? fmt::format("{}#{}", path, input.place.dataset) : path;
}

std::string path_of_part(std::string_view ledger_path, std::string_view dataset) {
  const std::string part = fmt::format("#{}", dataset);
  if (!dataset.empty() && ledger_path.ends_with(part)) ledger_path.remove_suffix(part.size());
  return std::string(ledger_path);
}

bool PreparedFile::is_matched_like(const PreparedFile& other) const {
  if (!match || !other.match) return match.has_value() == other.match.has_value();
  return match->contract == other.match->contract && match->columns == other.match->columns;
}

bool PreparedFile::is_cleaned_like(const PreparedFile& other) const {
  return is_matched_like(other) && header == other.header && plan == other.plan &&
         contexts == other.contexts && filter == other.filter;
}

Result<OpenedFile> open_file(const source::InputFile& input, const Settings& settings,
                             ByteSink* copy, FileReport& report, const Remembered& remembered) {
  OpenedFile opened;
  PreparedFile& file = opened.file;
  file.input = input;
  file.name = contract::split_file_name(
      (input.known_as.empty() ? input.path : input.known_as).string(), input.source);
  const FileHead head = HOMEROOM_TRY(read_head(input.path, settings.decompress_limits));
  opened.known = HOMEROOM_TRY(contract::find_by_name(*settings.contracts, file.name));
  const GivenDialect given = what_is_said(settings.overrides, opened.known, remembered);
  file.reading = given.as_text();
  file.former_order = remembered.date_order;
  const Dialect* former = remembered.former ? &*remembered.former : nullptr;
  file.dialect = HOMEROOM_TRY(sniff::sniff(head.bytes, head.is_whole, given, former));
  report.dialect = file.dialect;
  const bool is_by_memory = given != what_is_said(settings.overrides, opened.known, {});
  report_reading(remembered, is_by_memory, file.dialect, report);

  opened.stream = HOMEROOM_TRY(InputStream::open(input.path, file.dialect, settings,
                                                 InputStream::Purpose::kHashAndCopy, copy));
  if (opened.stream->stamp() != head.stamp) return tl::unexpected(changed_while_read(input.path));
  file.stamp = opened.stream->stamp();
  file.header = opened.stream->reader().header();
  file.dialect.num_columns = static_cast<std::uint32_t>(file.header.size());
  report.dialect = file.dialect;
  return opened;
}

Status finish_reading(OpenedFile& opened, FileReport& report) {
  PreparedFile& file = opened.file;
  InputStream& stream = *opened.stream;
  file.sha256 = HOMEROOM_TRY(stream.finish());
  file.stamp = stream.stamp();
  report.sha256 = file.sha256;
  report.size_bytes = stream.num_raw_bytes();
  for (const Issue& issue : stream.reader().issues()) report.add_issue(issue);
  if (stream.num_replaced() > 0) {
    report.add_issue(
        {.line = 0,
         .column = {},
         .rule = "encoding",
         .severity = Severity::kWarning,
         .message = fmt::format("{} without meaning in {}, replaced by U+FFFD",
                                counted(stream.num_replaced(), "byte"), file.dialect.encoding),
         .suggestion = "export the file as UTF-8, or say its encoding with --encoding"});
  }
  report_double_encoding(stream.double_encoding(), stream.num_replaced(), file.dialect, report);
  return {};
}

Status plan_file(const OpenedFile& opened, const Settings& settings,
                 std::vector<clean::ColumnProfile> profiles, PreparedFile& file,
                 FileReport& report) {
  const bool has_header = opened.stream->reader().has_header();
  HOMEROOM_TRY(choose_profile(settings, has_header, file, report));
  const Layout* const layout = has_header ? layout_of(settings, file) : nullptr;
  file.match = HOMEROOM_TRY(find_match(settings, file, opened.known, layout, has_header, profiles));
  set_filter(layout, file);
  set_aside_dateless(profiles, file, report);
  file.told_order = file.read_order = told_order(file, profiles);
  if (decide_dates(file, profiles) == DecidedBy::kFormerFiles) {
    file.read_order = file.former_order;
    report.add_issue(former_order_issue(file.former_order));
  }

  const contract::Match* match = file.match ? &*file.match : nullptr;
  shape::FileFacts facts{.name = file.name,
                         .header = file.header,
                         .inferred_types = {},
                         .has_suppressed = {},
                         .table_name = table_name_of(file, layout),
                         .school_year = settings.school_year};
  for (const clean::ColumnProfile& profile : profiles) {
    facts.inferred_types.push_back(profile.type);
    facts.has_suppressed.push_back(profile.num_suppressed > 0 ? 1 : 0);
  }
  file.plan = HOMEROOM_TRY(shape::plan_shape(match, facts));
  if (layout != nullptr && match == nullptr) set_key(*layout, file);
  if (layout != nullptr) leave_out_repeated(*layout, file, report);
  report_left_out(file, report);
  if (has_header) report_header_names(file.header, profiles, file.dialect, report);
  file.contexts = clean::plan_cleaning(match, profiles);
  const int school_year = school_year_of(settings, file);
  for (clean::ColumnContext& context : file.contexts) context.school_year = school_year;
  report.dataset = file.dataset();
  report.match_reason = match != nullptr
                            ? match->reason
                            : "fits no data set: a table of its own, named after the file";
  report.tables = {"data." + file.plan.table.name};
  hold_by_place(file, report);
  hold_undecided(file, profiles, report);
  file.profiles = std::move(profiles);
  return {};
}

Result<PreparedFile> prepare_file(const source::InputFile& input, const Settings& settings,
                                  ByteSink* copy, FileReport& report,
                                  const Remembered& remembered) {
  OpenedFile opened = HOMEROOM_TRY(open_file(input, settings, copy, report, remembered));
  return prepare_opened(opened, settings, report);
}

Result<PreparedFile> prepare_opened(OpenedFile& opened, const Settings& settings,
                                    FileReport& report) {
  clean::Profiler profiler(opened.file.header.size());
  Batch batch;
  while (HOMEROOM_TRY(opened.stream->reader().next(batch))) profiler.observe(batch);
  HOMEROOM_TRY(finish_reading(opened, report));
  PreparedFile file = opened.file;
  HOMEROOM_TRY(plan_file(opened, settings, profiler.finish(), file, report));
  return file;
}

}  // namespace homeroom::run
