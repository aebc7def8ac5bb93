#include <array>
#include <cstdio>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "command.h"
#include "file_flags.h"
#include "files_command.h"
#include "io/postgres/postgres.h"
#include "table/csv_writer.h"
#include "terminal.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

struct Flags {
  std::string query;
  bool is_csv = false;
};

class StdoutSink : public ByteSink {
 public:
  Status write(std::span<const char> bytes) override {
    if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size()) return {};
    return fail(ErrorCode::kIo, "cannot write to stdout");
  }
};

// pg_type oids of what reads as a number.
bool is_number(std::uint32_t type) {
  constexpr std::array<std::uint32_t, 6> kNumbers = {20, 21, 23, 700, 701, 1700};
  return std::ranges::find(kNumbers, type) != kNumbers.end();
}

void print_table(const Context& context, const io::QueryResult& rows) {
  std::vector<Table::Column> columns;
  for (std::size_t i = 0; i < rows.num_columns(); ++i) {
    columns.push_back({std::string(rows.column_name(i)), is_number(rows.column_type(i))
                                                             ? Table::Align::kRight
                                                             : Table::Align::kLeft});
  }
  Table table(std::move(columns));
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < rows.num_columns(); ++i) {
      cells.push_back(printable(rows.text(row, i)));
    }
    table.add(std::move(cells));
  }
  fmt::print("{}", table.text(context, ""));
  if (!context.is_quiet) {
    fmt::print(stderr, "{} {}\n", rows.num_rows(), rows.num_rows() == 1 ? "row" : "rows");
  }
}

Status print_csv(const io::QueryResult& rows) {
  StdoutSink sink;
  CsvWriter csv(sink);
  for (std::size_t i = 0; i < rows.num_columns(); ++i) csv.field(rows.column_name(i));
  HOMEROOM_TRY(csv.end_record());
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    for (std::size_t i = 0; i < rows.num_columns(); ++i) csv.field(rows.text(row, i));
    HOMEROOM_TRY(csv.end_record());
  }
  return csv.finish();
}

nlohmann::ordered_json cell_to_json(const io::QueryResult& rows, std::size_t row,
                                    std::size_t column) {
  constexpr std::uint32_t kBool = 16;
  if (rows.is_null(row, column)) return nullptr;
  const std::string_view text = rows.text(row, column);
  if (rows.column_type(column) == kBool) return text == "t";
  if (is_number(rows.column_type(column))) {
    auto number = nlohmann::ordered_json::parse(text, nullptr, false);
    if (number.is_number()) return number;
  }
  return std::string(text);
}

void print_rows_json(const io::QueryResult& rows) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < rows.num_columns(); ++i) {
      object[std::string(rows.column_name(i))] = cell_to_json(rows, row, i);
    }
    list.push_back(std::move(object));
  }
  const nlohmann::ordered_json document{{"schema_version", run::kReportSchemaVersion},
                                        {"rows", std::move(list)}};
  fmt::print("{}\n",
             document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

Status ask(const Context& context, const Flags& flags) {
  const auto warehouse = HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kRead, nullptr));
  io::Connection connection = HOMEROOM_TRY(warehouse->connect());
  // Questions only: what changes the tables goes through a run, which can be explained later.
  HOMEROOM_TRY(connection.execute("set default_transaction_read_only = on"));
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(flags.query));
  if (flags.is_csv) return print_csv(rows);
  if (context.is_json) {
    print_rows_json(rows);
  } else {
    print_table(context, rows);
  }
  return {};
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<Flags>();
  app.add_option("QUERY", flags->query, "One SQL query; it cannot change anything")->required();
  CLI::Option* csv = app.add_flag("--csv", flags->is_csv, "CSV on stdout");
  add_data_flags(app, context);
  add_json_flag(app, context);
  app.get_option("--json")->excludes(csv);
  app.callback([flags, &context, &result] {
    if (const Status done = ask(context, *flags); !done) {
      result = report_error(context, done.error());
    }
  });
}

}  // namespace

extern const Command command_sql = {
    .name = "sql",
    .summary = "Ask the warehouse a question in SQL (read only)",
    .examples =
        "  homeroom sql \"select * from report.attendance_rate_by_school\"\n"
        "  homeroom sql \"select status, count(*) from data.attendance_daily group by 1\" --csv\n",
    .add = add,
};

}  // namespace homeroom::cli
