#include "warehouse.h"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "catalog/versions.h"
#include "contract/contract.h"
#include "io/server/test_postgres.h"
#include "migrate/migrate.h"
#include "run/tables.h"

namespace homeroom {

Warehouse::Warehouse(std::string url) : url_(std::move(url)) {
  connection_ = std::make_unique<io::Connection>(must(io::Connection::connect(url_)));
}

Warehouse Warehouse::empty() {
  return Warehouse(must(io::shared_test_database_url()));
}

Warehouse Warehouse::installed() {
  Warehouse warehouse = empty();
  must(migrate::install_schema(warehouse.connection()));
  return warehouse;
}

Warehouse Warehouse::with_contracts() {
  Warehouse warehouse = empty();
  const contract::ContractSet contracts = must(contract::ContractSet::load(""));
  must(run::install_warehouse(warehouse.connection(), contracts));
  return warehouse;
}

io::Connection Warehouse::connect(std::string_view role) const {
  io::Connection connection = must(io::Connection::connect(url_));
  if (!role.empty()) {
    must(connection.execute("set session authorization " + io::quote_identifier(role)));
  }
  return connection;
}

std::vector<std::string> Warehouse::rows(const std::string& sql) {
  const io::QueryResult result = must(connection_->execute(sql));
  std::vector<std::string> lines;
  for (std::size_t row = 0; row < result.num_rows(); ++row) {
    std::string line;
    for (std::size_t column = 0; column < result.num_columns(); ++column) {
      if (column > 0) line += '|';
      line += result.is_null(row, column) ? "~" : result.text(row, column);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string Warehouse::value(const std::string& sql) {
  const std::vector<std::string> lines = rows(sql);
  if (lines.size() != 1) throw std::runtime_error("not one row: " + sql);
  return lines[0];
}

void Warehouse::execute(const std::string& sql) {
  must(connection_->execute(sql));
}

void Warehouse::make_table(const TableSchema& table) {
  io::Transaction transaction = must(io::Transaction::begin(*connection_));
  const TableSchema current = must(migrate::read_table(*connection_, table.name));
  last_run_ = must(catalog::Ledger(*connection_).next_run_id());
  must(migrate::apply_changes(*connection_, last_run_, table,
                              migrate::plan_changes(current, table)));
  must(connection_->execute("update homeroom.migration set run_id = null"));
  must(transaction.commit());
}

load::LoadResult Warehouse::load(const TableSchema& table, const std::vector<TestRow>& rows,
                                 load::Mode mode, const catalog::Slot& slot) {
  catalog::Ledger ledger(*connection_);
  io::Transaction transaction = must(io::Transaction::begin(*connection_));
  last_run_ = must(ledger.next_run_id());
  const catalog::Slot place{.source = slot.source, .dataset = table.name, .scope = slot.scope};
  const std::int64_t previous = must(ledger.claim_slot(last_run_, place));
  must(ledger.lock_table(table.name));
  must(catalog::begin_version(*connection_, table.name, last_run_, catalog::VersionCause::kLoad));
  load::Loader loader = must(load::Loader::begin(*connection_, table, last_run_, mode, previous));
  must(send_rows(loader, table.columns.size(), rows));
  const load::LoadResult result = must(loader.merge());
  const catalog::RowCounts counts{.read = result.lines_loaded + result.lines_unchanged,
                                  .loaded = result.lines_loaded,
                                  .unchanged = result.lines_unchanged};
  const catalog::FileRecord file = make_file("test.csv", std::to_string(last_run_));
  must(ledger.record_run(last_run_, place, file, "loaded", "", counts,
                         {.inserted = result.rows_inserted,
                          .updated = result.rows_updated,
                          .closed = result.rows_closed},
                         {}, {}, 0, 0.0));
  must(ledger.record_table(last_run_, table.name,
                           {.inserted = result.rows_inserted,
                            .updated = result.rows_updated,
                            .closed = result.rows_closed}));
  must(transaction.commit());
  return result;
}

Status send_rows(load::Loader& loader, std::size_t num_columns, const std::vector<TestRow>& rows) {
  std::vector<std::vector<Cell>> columns(num_columns);
  std::vector<LineNumber> lines;
  for (const TestRow& row : rows) {
    lines.push_back(row.line);
    for (std::size_t i = 0; i < num_columns; ++i) {
      Cell cell = row.cells[i] ? value_cell(*row.cells[i]) : Cell{};
      if (!row.cells[i]) cell.state = CellState::kNull;
      if (row.cells[i] == "*") cell.state = CellState::kSuppressed;
      columns[i].push_back(cell);
    }
  }
  std::vector<const std::vector<Cell>*> pointers;
  for (const auto& column : columns) pointers.push_back(&column);
  return loader.add(pointers, lines);
}

TableColumn make_column(std::string_view text) {
  const std::size_t space = text.find(' ');
  const std::string_view type = text.substr(space + 1);
  TableColumn column;
  column.name = text.substr(0, space);
  column.is_required = column.name.back() == '!';
  column.is_suppressible = column.name.back() == '?';
  if (column.is_required || column.is_suppressible) column.name.pop_back();
  column.is_identifier = type == "id";
  column.type = column.is_identifier ? SqlType::kText : parse_sql_type(type).value();
  return column;
}

TableSchema make_schema(const std::string& name, std::initializer_list<std::string_view> columns,
                        std::vector<std::string> key) {
  TableSchema schema;
  schema.name = name;
  schema.comment = "Table of a test";
  schema.key = std::move(key);
  for (const std::string_view text : columns) schema.columns.push_back(make_column(text));
  return schema;
}

catalog::FileRecord make_file(const std::string& path, const std::string& bytes) {
  return {.path = path,
          .modified_at = "1",
          .raw_key = "raw/" + path,
          .sha256 = bytes,
          .size_bytes = 10,
          .contract_version = "1.0.0",
          .engine_version = "0.1.0",
          .contracts_hash = "c1",
          .dialect_json = R"({"delimiter": ","})"};
}

}  // namespace homeroom
