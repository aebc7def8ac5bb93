#include "warehouse.h"

#include <chrono>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "io/s3/s3_client.h"
#include "run/tables.h"

namespace homeroom::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAdminRole = "homeroom_admin";
constexpr std::string_view kLoaderRole = "homeroom_loader";
// The merge of a very large file is one statement.
constexpr std::chrono::hours kLongestStatement{6};
constexpr const char* kServerUser = "postgres";  // made by Debian's package

bool is_root() {
  return geteuid() == 0;
}

}  // namespace

io::PrivatePostgres private_postgres(const Context& context) {
  io::PrivatePostgresOptions options;
  options.folder = context.data() / "pg";
  if (is_root()) options.run_as = kServerUser;
  return io::PrivatePostgres(std::move(options));
}

Result<io::Store> open_store(const std::string& place) {
  if (!io::is_s3_url(place)) return io::Store::open(place);
  // Of this user alone: rows that wait to be written are students' too.
  const std::string name = fmt::format("homeroom-{}", geteuid());
  return io::Store::open_s3(place, temporary_folder() / name);
}

bool may_hold_files(const std::string& place) {
  std::error_code code;
  return io::is_s3_url(place) || fs::is_directory(place, code);
}

Status make_data_folder(const Context& context) {
  std::error_code code;
  const fs::path folder = context.data();
  if (fs::is_directory(folder, code)) return {};
  if (!fs::create_directories(folder, code) || code) {
    return fail(ErrorCode::kConfig,
                fmt::format("cannot make the data folder {}: {}", folder.string(), code.message()),
                "say another one with --data DIR, or with HOMEROOM_DATA");
  }
  // As root the database runs as another user, which has to get through, but sees no names.
  const fs::perms mode = is_root()
                             ? fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec
                             : fs::perms::owner_all;
  for (fs::path at = folder; is_root() && at.string().starts_with("/var/lib/homeroom");
       at = at.parent_path()) {
    fs::permissions(at, mode, code);
  }
  fs::permissions(folder, mode, code);
  return {};
}

std::string Warehouse::admin_url() const {
  return server_ ? server_->url(std::string(kAdminRole)) : context_->database_url;
}

std::string Warehouse::loader_url() const {
  return server_ ? server_->url(std::string(kLoaderRole)) : context_->database_url;
}

Status Warehouse::start(Purpose purpose) {
  if (!context_->database_url.empty()) return {};
  server_.emplace(private_postgres(*context_));
  const io::ServerState state = HOMEROOM_TRY(server_->state());
  if (purpose == Purpose::kRead && !state.is_initialised) {
    return fail(ErrorCode::kConfig,
                fmt::format("there is no Homeroom database in {}", context_->data_folder),
                "load something first: homeroom run FOLDER (or name the folder with --data)");
  }
  HOMEROOM_TRY(make_data_folder(*context_));
  use_.emplace(HOMEROOM_TRY(server_->use()));
  return {};
}

Status Warehouse::install(const contract::ContractSet& contracts) {
  io::Connection admin = HOMEROOM_TRY(io::Connection::connect(admin_url()));
  version_ = admin.server_version();
  return run::install_warehouse(admin, contracts);
}

Result<std::unique_ptr<Warehouse>> Warehouse::open(const Context& context, Purpose purpose,
                                                   const contract::ContractSet* contracts) {
  std::unique_ptr<Warehouse> warehouse(new Warehouse(context));
  HOMEROOM_TRY(warehouse->start(purpose));
  if (purpose == Purpose::kLoad) HOMEROOM_TRY(warehouse->install(*contracts));
  return warehouse;
}

Result<io::Connection> Warehouse::connect() {
  // The server may have been stopped or killed since: start it again rather than give up.
  if (use_) HOMEROOM_TRY(use_->restart());
  io::Connection connection =
      HOMEROOM_TRY(io::Connection::connect(loader_url(), {.statement_timeout = kLongestStatement}));
  version_ = connection.server_version();
  return connection;
}

std::string Warehouse::describe() const {
  const std::string version = version_ > 0 ? fmt::format(" {}", version_ / 10000) : std::string();
  if (!server_) return fmt::format("PostgreSQL{} named by --db", version);
  return fmt::format("private PostgreSQL{} in {}", version, (context_->data() / "pg").string());
}

}  // namespace homeroom::cli
