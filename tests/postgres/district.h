#pragma once

// A warehouse with the shipped contracts, a store, and files that go through the whole pipeline.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "contract/contract.h"
#include "io/file.h"
#include "io/store.h"
#include "run/history/undo.h"
#include "run/pipeline.h"
#include "run/report.h"
#include "run/settings.h"
#include "warehouse.h"

namespace homeroom {

class District {
 public:
  /// `contract` overrides a shipped one.
  explicit District(const std::string& contract = {});
  District(const District&) = delete;
  District& operator=(const District&) = delete;

  /// Takes "sis/students.csv" with these bytes.
  run::FileReport take(const std::string& name, const std::string& text);

  /// The same on a pipeline of the caller's own, for several at once.
  run::FileReport take_by(run::Pipeline& pipeline, const std::string& name,
                          const std::string& text);
  [[nodiscard]] std::unique_ptr<run::Pipeline> open_pipeline();

  [[nodiscard]] Result<run::UndoReport> undo(std::int64_t run_id, bool with_later = false);

  /// The database as it was made: no runs, no rows. Columns that were added stay.
  void forget_everything();

  [[nodiscard]] Warehouse& warehouse() { return warehouse_; }

  [[nodiscard]] const contract::ContractSet& contracts() const { return contracts_; }

  [[nodiscard]] const io::Store& store() const { return store_; }

  [[nodiscard]] const run::Settings& settings() const { return settings_; }

 private:
  Warehouse warehouse_;
  io::TemporaryFolder folder_;
  contract::ContractSet contracts_;
  io::Store store_;
  run::Settings settings_;
  std::unique_ptr<run::Pipeline> pipeline_;
};

/// A file of attendance with rows "student,school,day,status".
[[nodiscard]] std::string attendance(const std::vector<std::string>& rows);

}  // namespace homeroom
