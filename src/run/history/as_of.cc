#include "run/history/as_of.h"

#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/date.h"
#include "migrate/migrate.h"
#include "table/csv_writer.h"

namespace homeroom::run {
namespace {

constexpr const char* kMoment = R"(
select
    case
        when $1 = '' then 'infinity'
        when $1 ~ '^\d{4}-\d{2}-\d{2}$' then homeroom.end_of_day($1::date, $2)
        else $1::timestamptz
    end::text
)";

constexpr const char* kVersion = R"(
select
    homeroom.version_at($1, $2::timestamptz),
    coalesce(v.made_at::text, '')
from (select) as one
left join homeroom.table_version as v
    on v.table_name = $1
    and v.version = homeroom.version_at($1, $2::timestamptz)
)";

Error no_such_time(const AsOfRequest& request) {
  return {.code = ErrorCode::kConfig,
          .message = fmt::format("\"{}\" is no day or time", request.known_at),
          .hint = "write a day as 2025-10-01, a time as \"2025-10-01 08:00-04\"",
          .detail = {},
          .position = {}};
}

Error no_such_zone(const AsOfRequest& request) {
  return {.code = ErrorCode::kConfig,
          .message = fmt::format("\"{}\" is no time zone", request.zone),
          .hint = "write it as America/New_York",
          .detail = {},
          .position = {}};
}

Result<std::string> zone_of(io::Connection& connection, const AsOfRequest& request) {
  if (request.zone.empty()) {
    const io::QueryResult zone = HOMEROOM_TRY(connection.execute("show timezone"));
    return std::string(zone.text(0, 0));
  }
  const std::array<io::Parameter, 1> parameters = {request.zone};
  const auto set = connection.query("select set_config('timezone', $1, false)", parameters);
  if (!set) return tl::unexpected(no_such_zone(request));
  return request.zone;
}

Status check_table(io::Connection& connection, const AsOfRequest& request) {
  const TableSchema table = HOMEROOM_TRY(migrate::read_table(connection, request.table));
  if (table.columns.empty()) {
    return fail(ErrorCode::kContract, fmt::format("there is no table data.{}", request.table),
                "`homeroom sql \"select dataset from homeroom.dataset\"` lists them");
  }
  if (request.true_on.empty()) return {};
  if (!parse_iso_date(request.true_on)) {
    return fail(ErrorCode::kConfig, fmt::format("\"{}\" is no day", request.true_on),
                "write it as 2025-10-01");
  }
  const std::array<io::Parameter, 1> parameters = {request.table};
  const io::QueryResult period = HOMEROOM_TRY(connection.query(
      "select from homeroom.true_period as t where t.table_name = $1", parameters));
  if (period.num_rows() == 1) return {};
  return fail(ErrorCode::kContract,
              fmt::format("rows of data.{} do not say on which days they are true", request.table),
              "leave --true-on out, or name their first and last day in the contract's "
              "homeroom.truePeriod");
}

// The table's columns as files have them, then where each row came from.
std::string select_sql(const TableSchema& table, const AsOfRequest& request,
                       const std::string& moment) {
  std::string columns;
  for (const TableColumn& column : table.columns) {
    columns += "a." + io::quote_identifier(column.name) + ", ";
    if (column.is_suppressible) {
      columns += "a." + io::quote_identifier(suppressed_name(column.name)) + ", ";
    }
  }
  std::string order;
  for (const std::string& part : table.key) order += "a." + io::quote_identifier(part) + ", ";
  return fmt::format(
      "declare homeroom_as_of cursor for select {}a._run, a._line from as_of.{}({}{}) as a "
      "order by {}a._run, a._line",
      columns, io::quote_identifier(table.name), io::quote_literal(moment) + "::timestamptz",
      request.true_on.empty() ? std::string()
                              : ", " + io::quote_literal(request.true_on) + "::date",
      order);
}

void write_header(const io::QueryResult& rows, CsvWriter& csv) {
  for (std::size_t i = 0; i < rows.num_columns(); ++i) csv.field(rows.column_name(i));
}

std::string_view csv_text(const io::QueryResult& rows, std::size_t row, std::size_t column) {
  constexpr std::uint32_t kBool = 16;
  const std::string_view text = rows.text(row, column);
  if (rows.column_type(column) != kBool || rows.is_null(row, column)) return text;
  return text == "t" ? "true" : "false";
}

Result<std::uint64_t> write_rows(io::Connection& connection, ByteSink& sink) {
  CsvWriter csv(sink);
  std::uint64_t num_rows = 0;
  bool is_first = true;
  while (true) {
    const io::QueryResult rows = HOMEROOM_TRY(connection.execute("fetch 5000 from homeroom_as_of"));
    if (is_first) {
      write_header(rows, csv);
      HOMEROOM_TRY(csv.end_record());
      is_first = false;
    }
    if (rows.num_rows() == 0) break;
    num_rows += rows.num_rows();
    for (std::size_t row = 0; row < rows.num_rows(); ++row) {
      for (std::size_t i = 0; i < rows.num_columns(); ++i) csv.field(csv_text(rows, row, i));
      HOMEROOM_TRY(csv.end_record());
    }
  }
  HOMEROOM_TRY(csv.finish());
  return num_rows;
}

}  // namespace

Result<AsOfAnswer> write_as_of(io::Connection& connection, const AsOfRequest& request,
                               ByteSink& sink) {
  AsOfAnswer answer;
  answer.zone = HOMEROOM_TRY(zone_of(connection, request));
  HOMEROOM_TRY(check_table(connection, request));
  const std::array<io::Parameter, 2> when = {request.known_at, answer.zone};
  const auto moment = connection.query(kMoment, when);
  if (!moment) return tl::unexpected(no_such_time(request));
  answer.known_at = moment->text(0, 0);
  io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(connection));
  // One look: the version named is the one that is read.
  HOMEROOM_TRY(connection.execute("set transaction isolation level repeatable read, read only"));
  const std::array<io::Parameter, 2> which = {request.table, answer.known_at};
  const io::QueryResult version = HOMEROOM_TRY(connection.query(kVersion, which));
  answer.version = version.integer(0, 0);
  answer.made_at = version.text(0, 1);
  const TableSchema table = HOMEROOM_TRY(migrate::read_table(connection, request.table));
  HOMEROOM_TRY(connection.execute(select_sql(table, request, answer.known_at)));
  answer.num_rows = HOMEROOM_TRY(write_rows(connection, sink));
  HOMEROOM_TRY(transaction.commit());
  return answer;
}

}  // namespace homeroom::run
