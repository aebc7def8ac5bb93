#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "access/files.h"
#include "access/open.h"
#include "access/rights.h"
#include "base/text.h"
#include "run/report.h"
#include "terminal.h"

namespace homeroom::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kDifferences =
    "select d.table_name, d.session, d.action, d.whose, d.expected, d.found "
    "from pg_temp.differences($1::jsonb) as d order by 1, 2, 3, 4";
constexpr const char* kFindings = "select f.finding from pg_temp.findings() as f";
// A load that holds a table for long is not waited for.
constexpr const char* kBegin =
    "set local role homeroom_owner; set local lock_timeout = '30s'; set local jit = off";

// Lines of "table,teacher,...": [{table, session, cell}].
Json read_matrix(std::string_view csv) {
  Json matrix = Json::array();
  std::vector<std::string_view> header;
  for (const std::string_view line : split(csv, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    const std::vector<std::string_view> cells = split(line, ',');
    if (header.empty()) {
      header = cells;
      continue;
    }
    for (std::size_t i = 1; i < cells.size() && i < header.size(); ++i) {
      matrix.push_back({{"table", cells[0]}, {"session", header[i]}, {"cell", cells[i]}});
    }
  }
  return matrix;
}

std::string_view can(std::string_view allowed) {
  return allowed == "t" ? "may" : "may not";
}

void print(const Context& context, std::size_t num_cells, const io::QueryResult& differences,
           const io::QueryResult& findings) {
  if (context.is_json) {
    Json cells = Json::array();
    for (std::size_t row = 0; row < differences.num_rows(); ++row) {
      cells.push_back({{"table", differences.text(row, 0)},
                       {"session", differences.text(row, 1)},
                       {"action", differences.text(row, 2)},
                       {"whose", differences.text(row, 3)},
                       {"expected", differences.text(row, 4) == "t"},
                       {"found", differences.text(row, 5) == "t"}});
    }
    Json list = Json::array();
    for (std::size_t row = 0; row < findings.num_rows(); ++row)
      list.push_back(findings.text(row, 0));
    const Json document{{"schema_version", run::kReportSchemaVersion},
                        {"cells", num_cells},
                        {"differences", std::move(cells)},
                        {"findings", std::move(list)}};
    fmt::print("{}\n", document.dump(2));
    return;
  }
  for (std::size_t row = 0; row < differences.num_rows(); ++row) {
    fmt::print("{}: {} {} {} {} rows, and {}\n", differences.text(row, 0), differences.text(row, 1),
               can(differences.text(row, 4)), differences.text(row, 2), differences.text(row, 3),
               differences.text(row, 5) == "t" ? "can" : "cannot");
  }
  for (std::size_t row = 0; row < findings.num_rows(); ++row) {
    fmt::print("{}\n", printable(findings.text(row, 0)));
  }
  const std::size_t num_wrong = differences.num_rows() + findings.num_rows();
  if (num_wrong == 0) {
    fmt::print("PostgreSQL answers all {} as the matrix says. Nothing was changed.\n",
               counted(num_cells, "question"));
    return;
  }
  fmt::print(
      "{} of {}. Nothing was changed.\n"
      "Next: an administrator of the database runs select access.protect('TABLE') as "
      "homeroom_owner, and takes back what was granted by hand.\n",
      counted(num_wrong, "difference"), counted(num_cells, "question"));
}

}  // namespace

Result<bool> test_access(const Context& context) {
  AccessSession session = HOMEROOM_TRY(open_access(context));
  io::Connection& connection = *session.connection;
  const Json matrix = read_matrix(access_files()[1].text);
  const std::string json = matrix.dump();
  const std::array<io::Parameter, 1> values = {json};
  // Never committed: the people and rows of the test are gone with it.
  const io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(connection));
  HOMEROOM_TRY(connection.execute(kBegin));
  HOMEROOM_TRY(connection.execute(std::string(access_files()[0].text)));
  const io::QueryResult findings = HOMEROOM_TRY(connection.execute(kFindings));
  const io::QueryResult differences = HOMEROOM_TRY(connection.query(kDifferences, values));
  // Select, insert, update and delete, each of own rows and of others'.
  print(context, matrix.size() * 8, differences, findings);
  return differences.num_rows() + findings.num_rows() == 0;
}

}  // namespace homeroom::cli
