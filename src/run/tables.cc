#include "run/tables.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "base/text.h"
#include "contract/quality/tolerated.h"
#include "migrate/migrate.h"
#include "run/history/column_classes.h"
#include "run/history/true_periods.h"

namespace homeroom::run {
namespace {

TableColumn table_column(const contract::Contract& contract, const contract::Column& column) {
  return {.name = column.name,
          .type = column.sql_type(),
          .is_required = contract::is_never_empty(contract, column),
          .is_identifier = column.kind == contract::Kind::kIdentifier,
          .is_suppressible = column.is_suppressible,
          .comment = column.description};
}

}  // namespace

TableSchema table_of(const contract::Contract& contract) {
  TableSchema table;
  table.name = contract.name;
  table.comment = contract.description;
  table.key = contract.key;
  table.partition_by = contract::partitioned_by(contract);
  for (const contract::Column& column : contract.columns) {
    table.columns.push_back(table_column(contract, column));
  }
  for (const contract::Column& column : contract.removed) {
    table.columns.push_back(table_column(contract, column));
    table.columns.back().is_required = false;
  }
  if (contract.extra_columns == contract::ExtraColumns::kKeep) {
    table.columns.push_back({.name = std::string(kMoreColumn),
                             .type = SqlType::kJsonb,
                             .is_required = false,
                             .is_identifier = false,
                             .is_suppressible = false,
                             .comment = "columns of the file that the data set does not know"});
  }
  return table;
}

std::vector<migrate::FormerNames> former_names_of(const contract::Contract& contract) {
  std::vector<migrate::FormerNames> former;
  for (const contract::Column& column : contract.columns) {
    migrate::FormerNames& one = former.emplace_back();
    one.table = contract.name;
    one.column = column.name;
    for (const std::string& synonym : column.synonyms) one.names.push_back(fold_name(synonym));
  }
  return former;
}

Status install_warehouse(io::Connection& admin, const contract::ContractSet& contracts) {
  HOMEROOM_TRY(migrate::install_schema(admin));
  std::vector<TableSchema> tables;
  std::vector<migrate::FormerNames> former;
  for (const contract::Contract& contract : contracts.contracts()) {
    tables.push_back(table_of(contract));
    std::ranges::move(former_names_of(contract), std::back_inserter(former));
  }
  // Before the tables: who may see their rows is decided as they are made.
  HOMEROOM_TRY(install_column_classes(admin, contracts));
  HOMEROOM_TRY(migrate::install_tables(admin, tables, former));
  return install_true_periods(admin, contracts);
}

}  // namespace homeroom::run
