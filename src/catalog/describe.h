#pragma once

// The catalog as people ask it: data sets, their columns and values, what loaded them, what reads
// them, and how their files have changed.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"

namespace homeroom::catalog {

struct DatasetSummary {
  std::string name;
  std::string title;
  std::uint64_t num_rows = 0;  ///< about, as PostgreSQL counted last; exact in `find_dataset`
  std::uint64_t num_files = 0;
  std::uint64_t num_columns = 0;
  int version = 0;  ///< of the schema; 0: no file has been loaded
  std::string loaded_at;
};

/// Data sets with a table, in the order of their names.
[[nodiscard]] Result<std::vector<DatasetSummary>> find_datasets(io::Connection& connection);

struct CatalogColumn {
  std::string name;
  std::string type;
  bool is_required = false;
  int key_position = 0;  ///< from 1; 0: no part of the key
  std::string comment;
};

struct Partition {
  std::string school_year;  ///< "" for rows without one
  std::uint64_t num_rows = 0;
};

struct DatasetSource {
  std::string source;
  std::uint64_t num_files = 0;
  std::string loaded_at;  ///< the last
};

struct DatasetDetail {
  DatasetSummary summary;
  std::vector<CatalogColumn> columns;
  std::vector<Partition> partitions;  ///< none where the table has no school year
  std::vector<DatasetSource> sources;
  std::vector<std::string> read_by;  ///< views, also by way of others: "report.latest_runs"
};

/// Errors: kInvalidInput when there is no such table, naming the nearest.
[[nodiscard]] Result<DatasetDetail> find_dataset(io::Connection& connection,
                                                 const std::string& name);

/// What a column holds.
struct ColumnFacts {
  std::string name;
  std::uint64_t num_rows = 0;  ///< looked at
  std::uint64_t num_nulls = 0;
  std::uint64_t num_distinct = 0;
  std::optional<std::string> low;
  std::optional<std::string> high;
  /// Values that at least `least_count` rows have, the most frequent first, with their counts.
  std::vector<std::pair<std::string, std::uint64_t>> top;
};

/// Which values of a column may be told.
struct ColumnQuestion {
  std::string name;
  bool tells_values = false;
};

/// Reads the table once a column; of one of more than a million rows a sample, and `num_rows` says
/// how many. Values that fewer than `least_count` rows have are not told.
[[nodiscard]] Result<std::vector<ColumnFacts>> describe_columns(
    io::Connection& connection, const std::string& table,
    const std::vector<ColumnQuestion>& columns, std::uint64_t least_count);

/// A step of a data set's life.
struct DatasetEvent {
  std::string at;
  std::string what;  ///< loaded, held, waiting, refused, schema, migration
  std::int64_t id = 0;
  std::string text;
  std::uint64_t rows_inserted = 0;
  std::uint64_t rows_updated = 0;
  std::uint64_t rows_closed = 0;
};

/// The newest first, at most `limit`.
[[nodiscard]] Result<std::vector<DatasetEvent>> find_events(io::Connection& connection,
                                                            const std::string& dataset, int limit);

struct SchemaVersion {
  int version = 0;
  std::string contract_version;
  std::int64_t run_id = 0;
  std::string created_at;
  std::string columns_json;  ///< array of objects: name, type, required, identifier, suppressible
};

[[nodiscard]] Result<std::vector<SchemaVersion>> find_schema_versions(io::Connection& connection,
                                                                      const std::string& dataset);

/// A column of one version that the other has not, or has otherwise.
struct SchemaDifference {
  std::string column;
  std::string what;  ///< added, removed, changed
  std::string before;
  std::string after;
};

/// In the order of the columns of `to`, then what is gone. Errors: kInternal for columns that are
/// no such JSON.
[[nodiscard]] Result<std::vector<SchemaDifference>> compare_versions(const SchemaVersion& from,
                                                                     const SchemaVersion& to);

}  // namespace homeroom::catalog
