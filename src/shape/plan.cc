#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "contract/file_name.h"
#include "contract/quality/tolerated.h"
#include "shape/column_names.h"
#include "shape/shape.h"

namespace homeroom::shape {
namespace {

using contract::Column;
using contract::Contract;
using contract::ExtraColumns;
using contract::Kind;
using contract::MatchReason;
using From = ColumnOrigin::From;

constexpr std::string_view kFileToken = "{file}";
constexpr std::string_view kNameToken = "{name}";

SqlType type_of(const FileFacts& facts, std::size_t column) {
  return column < facts.inferred_types.size() ? facts.inferred_types[column] : SqlType::kText;
}

bool has_suppressed(const FileFacts& facts, std::size_t column) {
  return column < facts.has_suppressed.size() && facts.has_suppressed[column] != 0;
}

std::string year_of_name(const FileFacts& facts) {
  const auto year = facts.school_year ? facts.school_year : school_year_in_name(facts.name);
  return year ? fmt::format("{}", *year) : std::string();
}

void add_column(ShapePlan& plan, TableColumn column, ColumnOrigin origin, int contract_column) {
  plan.table.columns.push_back(std::move(column));
  plan.origins.push_back(std::move(origin));
  plan.contract_columns.push_back(contract_column);
}

// Columns of the file that the table has no place for, in `more_columns`.
void add_more_columns(ShapePlan& plan, std::vector<std::size_t> sources) {
  if (sources.empty()) return;
  add_column(plan,
             {.name = std::string(kMoreColumn),
              .type = SqlType::kJsonb,
              .comment = "Columns of the file that have no column here, by header"},
             {.from = From::kMore, .sources = std::move(sources), .text = {}}, -1);
}

// The file's columns under their own names. What no longer fits goes into `more_columns`.
void add_file_columns(ShapePlan& plan, const FileFacts& facts, ColumnNames& names,
                      std::span<const std::size_t> sources, std::size_t num_columns_left) {
  std::vector<std::size_t> more;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::size_t source = sources[i];
    const bool is_last_place = num_columns_left == 1 && i + 1 < sources.size();
    if (num_columns_left == 0 || is_last_place || !more.empty()) {
      more.push_back(source);
      continue;
    }
    --num_columns_left;
    add_column(plan,
               {.name = names.take(facts.header[source], source + 1),
                .type = type_of(facts, source),
                .is_suppressible = has_suppressed(facts, source),
                .comment = facts.header[source]},
               {.from = From::kSource, .source = source, .sources = {}, .text = {}}, -1);
  }
  add_more_columns(plan, std::move(more));
}

ShapePlan plan_own_table(const FileFacts& facts) {
  ShapePlan plan;
  plan.table.name = facts.table_name;
  plan.table.comment = "Loaded from files that fit no data set";
  plan.headers = facts.header;
  plan.file_name_school_year = year_of_name(facts);
  std::vector<std::size_t> sources;
  for (std::size_t i = 0; i < facts.header.size(); ++i) {
    (is_secret(facts.header[i]) ? plan.left_out : sources).push_back(i);
  }
  ColumnNames names;
  names.reserve(kMoreColumn);
  const bool has_year = std::ranges::any_of(facts.header, [](const std::string& header) {
    return fold_name(header) == kSchoolYearColumn;
  });
  const bool adds_year = !has_year && !plan.file_name_school_year.empty();
  if (adds_year) names.reserve(kSchoolYearColumn);
  add_file_columns(plan, facts, names, sources, kMaxTableColumns - (adds_year ? 1 : 0));
  if (adds_year) {
    add_column(plan,
               {.name = std::string(kSchoolYearColumn),
                .type = SqlType::kBigint,
                .comment = "The year that the school year ends in, as the file's name says"},
               {.from = From::kConstant, .sources = {}, .text = plan.file_name_school_year}, -1);
  }
  return plan;
}

/// Makes the plan of a file that fits a contract.
class ContractPlanner {
 public:
  ContractPlanner(const contract::Match& match, const FileFacts& facts)
      : contract_(*match.contract), match_(match), facts_(facts) {
    direct_.assign(contract_.columns.size(), std::nullopt);
    for (std::size_t i = 0; i < match.columns.size(); ++i) {
      const contract::ColumnMatch& column = match.columns[i];
      if (column.column < 0 || column.reason == MatchReason::kUnpivot) continue;
      direct_[static_cast<std::size_t>(column.column)] = i;
    }
  }

  ShapePlan plan() {
    plan_.table.name = contract_.name;
    plan_.table.comment = contract_.description;
    plan_.table.key = contract_.key;
    plan_.table.partition_by = contract::partitioned_by(contract_);
    plan_.headers = facts_.header;
    plan_.file_name_school_year = year_of_name(facts_);
    make_groups();
    for (std::size_t i = 0; i < contract_.columns.size(); ++i) add_contract_column(i);
    add_extras();
    return std::move(plan_);
  }

 private:
  int index_of(const std::vector<std::string>& names, std::string_view name) const {
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? -1 : static_cast<int>(found - names.begin());
  }

  // Columns that a group of a wide file may fill, as one list.
  std::vector<std::string> group_columns() const {
    if (!contract_.unpivot) return {};
    std::vector<std::string> names = contract_.unpivot->measures;
    names.insert(names.end(), contract_.unpivot->besides.begin(), contract_.unpivot->besides.end());
    return names;
  }

  void make_groups() {
    const std::vector<std::string> names = group_columns();
    for (std::size_t i = 0; i < match_.columns.size(); ++i) {
      const contract::ColumnMatch& column = match_.columns[i];
      if (column.reason != MatchReason::kUnpivot || !contract_.unpivot) continue;
      if (column.group >= plan_.groups.size()) plan_.groups.resize(column.group + 1);
      UnpivotGroup& group = plan_.groups[column.group];
      group.dimension_codes = column.dimension_codes;
      group.measure_sources.resize(names.size(), -1);
      const int index =
          index_of(names, contract_.columns[static_cast<std::size_t>(column.column)].name);
      group.measure_sources[static_cast<std::size_t>(index)] = static_cast<int>(i);
    }
  }

  // Where the column's value comes from; nothing when the file has no such column and nothing
  // stands in for it.
  std::optional<ColumnOrigin> origin_of(std::size_t index) const {
    const Column& column = contract_.columns[index];
    ColumnOrigin origin{.sources = sources_of(column, index), .text = default_of(column)};
    if (const auto wide = wide_origin(column, origin)) return wide;
    if (origin.sources.empty() && is_school_year(column)) return school_year_origin();
    if (origin.sources.empty() && !column.made_from.empty()) return made_origin(column);
    if (origin.sources.empty() && origin.text.empty()) return part_origin(column);
    if (origin.sources.size() == 1 && (origin.text.empty() || direct_[index])) {
      origin.from = From::kSource;
      origin.source = origin.sources[0];
      origin.sources.clear();
      origin.text.clear();
      return origin;
    }
    if (!origin.sources.empty()) {
      origin.from = From::kFirstOf;
      return origin;
    }
    origin.from = From::kConstant;
    return origin;
  }

  // Where the file gives only the whole: one of its parts by itself, and the file parts it as it
  // means it.
  std::optional<ColumnOrigin> part_origin(const Column& column) const {
    if (column.part_of.empty()) return std::nullopt;
    const auto& whole = direct_[static_cast<std::size_t>(contract_.find(column.part_of[0]))];
    if (!whole) return std::nullopt;
    for (std::size_t i = 0; i < contract_.columns.size(); ++i) {
      const Column& other = contract_.columns[i];
      const bool is_sibling = !other.part_of.empty() && other.part_of[0] == column.part_of[0];
      if (is_sibling && direct_[i]) return std::nullopt;
    }
    return ColumnOrigin{.from = From::kPart,
                        .source = *whole,
                        .sources = {},
                        .text = {},
                        .part = contract::find_part(column.part_of[1]).value()};
  }

  std::vector<std::size_t> sources_of(const Column& column, std::size_t index) const {
    std::vector<std::size_t> sources;
    if (direct_[index]) sources.push_back(*direct_[index]);
    for (const std::string& name : column.default_from) {
      const auto& source = direct_[static_cast<std::size_t>(contract_.find(name))];
      if (source) sources.push_back(*source);
    }
    return sources;
  }

  std::string default_of(const Column& column) const {
    if (!column.default_value) return {};
    if (*column.default_value == kFileToken) return facts_.table_name;
    if (*column.default_value != kNameToken) return *column.default_value;
    if (column.enumeration == nullptr) return {};
    return contract::code_in_name(*column.enumeration, facts_.name).value_or(std::string());
  }

  // True when a group of the wide file fills column `measure` of `group_columns`.
  bool has_measure(int measure) const {
    return std::ranges::any_of(plan_.groups, [measure](const UnpivotGroup& group) {
      return group.measure_sources[static_cast<std::size_t>(measure)] >= 0;
    });
  }

  std::optional<ColumnOrigin> wide_origin(const Column& column, ColumnOrigin origin) const {
    if (plan_.groups.empty()) return std::nullopt;
    const int dimension = index_of(contract_.unpivot->dimensions, column.name);
    const int measure = index_of(group_columns(), column.name);
    const auto names_dimension = [&](const UnpivotGroup& group) {
      return !group.dimension_codes[static_cast<std::size_t>(dimension)].empty();
    };
    if (dimension >= 0 && std::ranges::any_of(plan_.groups, names_dimension)) {
      origin.from = From::kDimension;
      origin.source = static_cast<std::size_t>(dimension);
      return origin;
    }
    if (measure >= 0 && has_measure(measure)) {
      origin.from = From::kMeasure;
      origin.source = static_cast<std::size_t>(measure);
      return origin;
    }
    return std::nullopt;
  }

  static bool is_school_year(const Column& column) {
    return column.kind == Kind::kSchoolYear && column.name == kSchoolYearColumn;
  }

  std::optional<ColumnOrigin> school_year_origin() const {
    ColumnOrigin origin{
        .from = From::kSchoolYear, .sources = {}, .text = plan_.file_name_school_year};
    for (const std::string& name : contract_.school_year_from) {
      const auto& source = direct_[static_cast<std::size_t>(contract_.find(name))];
      if (source) origin.sources.push_back(*source);
      const int measure = index_of(group_columns(), name);
      if (origin.source == 0 && measure >= 0 && has_measure(measure)) {
        origin.source = static_cast<std::size_t>(measure) + 1;
      }
    }
    if (!origin.sources.empty() || origin.source > 0) return origin;
    if (origin.text.empty()) return std::nullopt;
    origin.from = From::kConstant;
    return origin;
  }

  std::optional<ColumnOrigin> made_origin(const Column& column) const {
    ColumnOrigin origin{.from = From::kMadeId, .sources = {}, .text = {}};
    for (const std::string& name : column.made_from) {
      const auto& source = direct_[static_cast<std::size_t>(contract_.find(name))];
      if (source) origin.sources.push_back(*source);
    }
    if (origin.sources.empty()) return std::nullopt;
    return origin;
  }

  void add_contract_column(std::size_t index) {
    const Column& column = contract_.columns[index];
    auto origin = origin_of(index);
    // The table's key names all its columns, so a file without one has nulls there.
    if (!origin && index_of(contract_.key, column.name) < 0) return;
    if (!origin) origin = ColumnOrigin{.from = From::kNull, .sources = {}, .text = {}};
    add_column(plan_,
               {.name = column.name,
                .type = column.sql_type(),
                .is_required = contract::is_never_empty(contract_, column),
                .is_identifier = column.kind == Kind::kIdentifier,
                .is_suppressible = column.is_suppressible,
                .comment = column.description,
                .part_of = origin->from == From::kPart ? column.part_of[0] : std::string()},
               *std::move(origin), static_cast<int>(index));
  }

  void add_extras() {
    std::vector<std::size_t> sources;
    for (std::size_t i = 0; i < facts_.header.size(); ++i) {
      if (is_secret(facts_.header[i])) {
        plan_.left_out.push_back(i);
      } else if (i >= match_.columns.size() || match_.columns[i].column < 0) {
        sources.push_back(i);
      }
    }
    switch (contract_.extra_columns) {
      case ExtraColumns::kIgnore:
        return;
      case ExtraColumns::kKeep:
        add_more_columns(plan_, std::move(sources));
        return;
      case ExtraColumns::kAdd:
        break;
    }
    ColumnNames names;
    names.reserve(kMoreColumn);
    for (const Column& column : contract_.columns) names.reserve(column.name);
    const std::size_t used = plan_.table.columns.size();
    add_file_columns(plan_, facts_, names, sources,
                     used < kMaxTableColumns ? kMaxTableColumns - used : 0);
  }

  const Contract& contract_;
  const contract::Match& match_;
  const FileFacts& facts_;
  std::vector<std::optional<std::size_t>> direct_;  ///< the file's column for each of the contract
  ShapePlan plan_;
};

}  // namespace

bool ShapePlan::adds_school_year() const {
  for (std::size_t i = 0; i < origins.size(); ++i) {
    if (table.columns[i].name != kSchoolYearColumn) continue;
    return origins[i].from == ColumnOrigin::From::kConstant;
  }
  return false;
}

Result<ShapePlan> plan_shape(const contract::Match* match, const FileFacts& facts) {
  if (facts.header.empty()) {
    return fail(ErrorCode::kInvalidInput, "The file has no columns",
                "Send a file with a header line and at least one column");
  }
  if (match == nullptr) return plan_own_table(facts);
  return ContractPlanner(*match, facts).plan();
}

}  // namespace homeroom::shape
