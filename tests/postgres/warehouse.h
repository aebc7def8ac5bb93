#pragma once

// A database with Homeroom's schema in it, and short words for what the tests do with it.

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/ledger.h"
#include "io/postgres/postgres.h"
#include "load/load.h"
#include "table/schema.h"

namespace homeroom {

/// A cell as a test writes it: nothing is null, "*" is suppressed.
using TestCell = std::optional<std::string>;

struct TestRow {
  LineNumber line = 0;
  std::vector<TestCell> cells;
};

/// One database, dropped when the program ends. A failure of what a test takes for granted throws.
class Warehouse {
 public:
  /// Empty, as the administrator.
  static Warehouse empty();
  /// With roles, schemas and ledger.
  static Warehouse installed();
  /// With the tables of the shipped contracts and the report views as well.
  static Warehouse with_contracts();

  [[nodiscard]] io::Connection& connection() { return *connection_; }

  [[nodiscard]] io::Connection connect(std::string_view role = {}) const;

  /// Rows of a query, cells joined by "|", null as "~".
  [[nodiscard]] std::vector<std::string> rows(const std::string& sql);
  /// The only value of a query.
  [[nodiscard]] std::string value(const std::string& sql);
  void execute(const std::string& sql);

  /// Makes the table, in its own transaction.
  void make_table(const TableSchema& table);

  /// Loads the rows as one run: slot, rows, ledger, all in one transaction.
  load::LoadResult load(const TableSchema& table, const std::vector<TestRow>& rows,
                        load::Mode mode = load::Mode::kUpsert, const catalog::Slot& slot = {});

  [[nodiscard]] std::int64_t last_run() const { return last_run_; }

 private:
  explicit Warehouse(std::string url);

  std::string url_;
  std::unique_ptr<io::Connection> connection_;
  std::int64_t last_run_ = 0;
};

/// Sends rows to a loader that stands at its beginning.
[[nodiscard]] Status send_rows(load::Loader& loader, std::size_t num_columns,
                               const std::vector<TestRow>& rows);

/// Throws the error's message when there is none of what was expected.
template <class T>
T must(Result<T>&& result) {
  if (!result) {
    throw std::runtime_error(result.error().message + " [" + result.error().detail + "]");
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// A column "name type", "name! type" for a required one, "name? type" for a suppressible one;
/// type "id" is an identifier.
[[nodiscard]] TableColumn make_column(std::string_view text);

[[nodiscard]] catalog::FileRecord make_file(const std::string& path, const std::string& bytes);

[[nodiscard]] TableSchema make_schema(const std::string& name,
                                      std::initializer_list<std::string_view> columns,
                                      std::vector<std::string> key);

}  // namespace homeroom
