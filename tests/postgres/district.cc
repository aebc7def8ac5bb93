#include "district.h"

#include <filesystem>
#include <fstream>
#include <string_view>

#include <gtest/gtest.h>

namespace homeroom {
namespace {

constexpr std::string_view kForget = R"(
do $$
declare
    name text;
begin
    for name in
        select format('%I.%I', c.relnamespace::regnamespace, c.relname)
        from pg_class as c
        where c.relkind in ('r', 'p')
            and (
                c.relnamespace in ('data'::regnamespace, 'history'::regnamespace)
                or (
                    c.relnamespace = 'homeroom'::regnamespace
                    and c.relname not in ('engine_migration', 'true_period')
                )
            )
    loop
        execute 'truncate ' || name || ' cascade';
    end loop;
end $$
)";

contract::ContractSet contracts_with(const std::filesystem::path& folder,
                                     const std::string& contract) {
  if (contract.empty()) return must(contract::ContractSet::load(""));
  std::filesystem::create_directories(folder / "contracts");
  std::ofstream(folder / "contracts/override.odcs.yaml") << contract;
  return must(contract::ContractSet::load((folder / "contracts").string()));
}

}  // namespace

District::District(const std::string& contract)
    : warehouse_(Warehouse::with_contracts()),
      folder_(must(io::TemporaryFolder::create(testing::TempDir()))),
      contracts_(contracts_with(folder_.path(), contract)),
      store_(must(io::Store::open(folder_.path() / "store"))) {
  settings_.contracts = &contracts_;
  settings_.engine_version = "0.1.0";
  settings_.scratch = store_.scratch();
  settings_.user = "a test";
  pipeline_ = open_pipeline();
}

std::unique_ptr<run::Pipeline> District::open_pipeline() {
  return must(run::Pipeline::open(
      settings_, store_,
      [this]() -> Result<io::Connection> { return warehouse_.connect("homeroom_loader"); },
      [] { return 0.0; }));
}

run::FileReport District::take(const std::string& name, const std::string& text) {
  return take_by(*pipeline_, name, text);
}

run::FileReport District::take_by(run::Pipeline& pipeline, const std::string& name,
                                  const std::string& text) {
  const std::filesystem::path path = folder_.path() / "drop" / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return pipeline.run_file({.path = path,
                            .source = path.parent_path().filename().string(),
                            .size_bytes = text.size(),
                            .location = path,
                            .known_as = {}});
}

Result<run::UndoReport> District::undo(std::int64_t run_id, bool with_later) {
  io::Connection connection = warehouse_.connect("homeroom_loader");
  return run::undo_run(connection, contracts_,
                       {.run_id = run_id,
                        .with_later = with_later,
                        .made_by = "a test",
                        .reason = "it was wrong",
                        .engine_version = "0.1.0",
                        .clock = [] { return 0.0; }});
}

std::string attendance(const std::vector<std::string>& rows) {
  std::string text = "Student ID,School ID,Date,Status\n";
  for (const std::string& row : rows) text += row + "\n";
  return text;
}

void District::forget_everything() {
  warehouse_.execute(std::string(kForget));
}

}  // namespace homeroom
