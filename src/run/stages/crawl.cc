#include "run/stages/crawl.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "clean/profile.h"
#include "io/file.h"
#include "parse/batch_reader.h"
#include "run/canonical_reader.h"
#include "run/tables.h"
#include "table/batch.h"

namespace homeroom::run {
namespace {

constexpr std::string_view kClean = "clean/";
constexpr std::string_view kYearFolder = "school_year=";

/// "clean/students/school_year=2026/a.csv" taken apart.
struct Place {
  std::string folder;  ///< "clean/students/"
  std::string dataset;
  std::string school_year;
};

std::optional<Place> place_of(const std::string& key, std::string_view root) {
  if (!key.starts_with(root) || !key.ends_with(".csv")) return std::nullopt;
  const std::size_t end = key.find('/', root.size());
  if (end == std::string::npos) return std::nullopt;
  Place place{.folder = key.substr(0, end + 1),
              .dataset = key.substr(root.size(), end - root.size()),
              .school_year = {}};
  const std::string_view rest = std::string_view(key).substr(end + 1);
  if (!rest.starts_with(kYearFolder)) return place;
  place.school_year = rest.substr(kYearFolder.size(), rest.find('/') - kYearFolder.size());
  return place;
}

// The type that values of both have.
SqlType common_type(SqlType left, SqlType right) {
  if (left == right) return left;
  const auto is_number = [](SqlType type) {
    return type == SqlType::kBigint || type == SqlType::kNumeric;
  };
  return is_number(left) && is_number(right) ? SqlType::kNumeric : SqlType::kText;
}

bool fits(SqlType found, SqlType declared) {
  return declared == SqlType::kJsonb || common_type(found, declared) == declared;
}

/// What the cells of a column are, in a file where nothing but an empty cell is null.
struct Facts {
  SqlType type = SqlType::kText;
  std::uint64_t num_nulls = 0;
};

void count_empty(const Batch& batch, std::vector<Facts>& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i].num_nulls += static_cast<std::uint64_t>(
        std::ranges::count_if(batch.columns[i], [](const Cell& cell) { return cell.size == 0; }));
  }
}

// What profiling takes for a word for nothing ("none") is a value here, and so a text.
void set_types(const std::vector<clean::ColumnProfile>& profiles, std::vector<Facts>& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool is_plain = profiles[i].num_nulls == columns[i].num_nulls;
    columns[i].type = is_plain ? profiles[i].type : SqlType::kText;
  }
}

bool is_ours(std::string_view column) {
  return column == kLineColumn || column == kSuppressedColumn;
}

/// Gathers the files of one data set.
class Gatherer {
 public:
  Gatherer(const Place& place, const contract::Contract* contract) {
    dataset_.name = place.dataset;
    dataset_.location = place.folder;
    dataset_.has_contract = contract != nullptr;
    if (contract != nullptr) {
      table_ = table_of(*contract);
      dataset_.description = table_->comment;
    }
  }

  void add(const io::Store& store, const std::string& key, const Place& place) {
    if (const Status read = read_file(store, key, place); !read) {
      dataset_.unreadable.push_back(fmt::format("{}: {}", key, read.error().message));
    }
  }

  [[nodiscard]] CrawledDataset finish() {
    for (CrawledColumn& column : dataset_.columns) judge(column);
    return std::move(dataset_);
  }

 private:
  [[nodiscard]] Status read_file(const io::Store& store, const std::string& key,
                                 const Place& place) {
    const std::unique_ptr<ByteSource> source = HOMEROOM_TRY(store.read(key));
    const auto reader = HOMEROOM_TRY(open_canonical(*source));
    clean::Profiler profiler(reader->header().size());
    std::vector<Facts> columns(reader->header().size());
    Batch batch;
    std::uint64_t num_rows = 0;
    while (HOMEROOM_TRY(reader->next(batch))) {
      if (!batch.ragged.empty()) {
        return fail(ErrorCode::kInvalidInput,
                    fmt::format("line {} has another number of fields than the header",
                                batch.lines[batch.ragged.front().row]),
                    "it is no clean file");
      }
      profiler.observe(batch);
      count_empty(batch, columns);
      num_rows += batch.num_rows();
    }
    set_types(profiler.finish(), columns);
    note(reader->header(), columns, num_rows);
    CrawledPartition& partition = dataset_.partitions[place.school_year];
    ++partition.num_files;
    partition.num_rows += num_rows;
    const auto file = HOMEROOM_TRY(io::FileSource::open(store.root() / key));
    partition.num_bytes += HOMEROOM_TRY(file->stamp()).size_bytes;
    return {};
  }

  void note(const std::vector<std::string>& header, const std::vector<Facts>& facts,
            std::uint64_t num_rows) {
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (is_ours(header[i])) continue;
      auto column = std::ranges::find(dataset_.columns, header[i], &CrawledColumn::name);
      const bool is_new = column == dataset_.columns.end();
      if (is_new) {
        column = dataset_.columns.insert(
            column, {.name = header[i], .type = SqlType::kText, .description = {}});
      }
      const bool has_values = num_rows > facts[i].num_nulls;
      const bool had_values = column->num_rows > column->num_nulls;
      if (has_values) {
        column->type = had_values ? common_type(column->type, facts[i].type) : facts[i].type;
      }
      column->num_rows += num_rows;
      column->num_nulls += facts[i].num_nulls;
    }
  }

  void judge(CrawledColumn& column) {
    if (!table_) return;
    const TableColumn* declared = table_->find(column.name);
    if (declared == nullptr) {
      dataset_.disagreements.push_back(fmt::format("the contract has no column {}", column.name));
      return;
    }
    column.description = declared->comment;
    const bool has_values = column.num_rows > column.num_nulls;
    if (!has_values || fits(column.type, declared->type)) {
      column.type = declared->type;
      if (!declared->is_required || column.num_nulls == 0) return;
      dataset_.disagreements.push_back(
          fmt::format("{} is empty in {}, and the contract requires it", column.name,
                      counted(column.num_nulls, "row")));
      return;
    }
    dataset_.disagreements.push_back(fmt::format("{} is {} in the contract, its values are {}",
                                                 column.name, to_string(declared->type),
                                                 to_string(column.type)));
  }

  CrawledDataset dataset_;
  std::optional<TableSchema> table_;  // the contract's
};

}  // namespace

Result<std::vector<CrawledDataset>> crawl(const io::Store& store,
                                          const contract::ContractSet& contracts) {
  std::vector<std::string> keys = HOMEROOM_TRY(store.list(kClean));
  const std::string_view root = keys.empty() ? std::string_view() : kClean;
  if (keys.empty()) keys = HOMEROOM_TRY(store.list(""));
  std::map<std::string, Gatherer> datasets;
  for (const std::string& key : keys) {
    const std::optional<Place> place = place_of(key, root);
    if (!place) continue;
    const auto found =
        datasets.try_emplace(place->dataset, *place, contracts.find(place->dataset)).first;
    found->second.add(store, key, *place);
  }
  std::vector<CrawledDataset> crawled;
  for (auto& [name, gatherer] : datasets) crawled.push_back(gatherer.finish());
  return crawled;
}

Status write_catalog(const io::Store& store, const CrawledDataset& dataset) {
  nlohmann::ordered_json columns = nlohmann::ordered_json::array();
  for (const CrawledColumn& column : dataset.columns) {
    columns.push_back({{"name", column.name},
                       {"type", to_string(column.type)},
                       {"description", column.description},
                       {"rows", column.num_rows},
                       {"nulls", column.num_nulls}});
  }
  nlohmann::ordered_json partitions = nlohmann::ordered_json::array();
  for (const auto& [year, partition] : dataset.partitions) {
    partitions.push_back({{"school_year", year.empty() ? nlohmann::ordered_json(nullptr)
                                                       : nlohmann::ordered_json(year)},
                          {"files", partition.num_files},
                          {"rows", partition.num_rows},
                          {"bytes", partition.num_bytes}});
  }
  const nlohmann::ordered_json document{{"schema_version", 1},
                                        {"dataset", dataset.name},
                                        {"description", dataset.description},
                                        {"location", dataset.location},
                                        {"has_contract", dataset.has_contract},
                                        {"columns", std::move(columns)},
                                        {"partitions", std::move(partitions)},
                                        {"disagreements", dataset.disagreements},
                                        {"unreadable", dataset.unreadable}};
  const auto object = HOMEROOM_TRY(store.create(fmt::format("catalog/{}.json", dataset.name)));
  HOMEROOM_TRY(object->write(
      document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n"));
  return object->commit();
}

}  // namespace homeroom::run
