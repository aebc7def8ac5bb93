#pragma once

// The database a command works on: Homeroom's own PostgreSQL, started for as long as the command
// needs it, or the one that --db names.

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "context.h"
#include "contract/contract.h"
#include "io/postgres/postgres.h"
#include "io/server/private_postgres.h"
#include "io/store.h"

namespace homeroom::cli {

/// The private server of a data folder.
[[nodiscard]] io::PrivatePostgres private_postgres(const Context& context);

/// Makes the data folder when it is missing; as root it may be entered (not listed) by the
/// database's user.
[[nodiscard]] Status make_data_folder(const Context& context);

/// What keeps clean files: a folder, or "s3://bucket/prefix". Files that are needed meanwhile lie
/// in the folder, or in the machine's for temporary files.
[[nodiscard]] Result<io::Store> open_store(const std::string& place);

/// True for a folder that is there, and for an address of S3, which nobody has asked yet.
[[nodiscard]] bool may_hold_files(const std::string& place);

/// Holds the private server up while it lives: a share in it, so that several commands may use one
/// data folder at the same time.
class Warehouse {
 public:
  enum class Purpose : std::uint8_t {
    kLoad,  ///< schema, tables and views of the contracts are brought up to date first
    kFill,  ///< the server is made and started, nothing in it
    kRead,  ///< nothing is made: an empty data folder is an error with a hint
  };

  /// `contracts` may be null for kRead.
  [[nodiscard]] static Result<std::unique_ptr<Warehouse>> open(
      const Context& context, Purpose purpose, const contract::ContractSet* contracts);
  Warehouse(const Warehouse&) = delete;
  Warehouse& operator=(const Warehouse&) = delete;

  /// A new session as the loader.
  [[nodiscard]] Result<io::Connection> connect();

  /// Of who may make roles and schemas: the private server's own, or --db's user.
  [[nodiscard]] std::string admin_url() const;

  /// Whose tables those are, for a session that is not admin; "" for the private server.
  [[nodiscard]] std::string owner_role() const { return server_ ? "" : "homeroom_owner"; }

  /// "PostgreSQL 15, private, in DATA/pg" or "PostgreSQL 15 at --db".
  [[nodiscard]] std::string describe() const;

  [[nodiscard]] bool started_server() const { return use_ && use_->started(); }

 private:
  explicit Warehouse(const Context& context) : context_(&context) {}

  [[nodiscard]] Status start(Purpose purpose);
  [[nodiscard]] Status install(const contract::ContractSet& contracts);
  [[nodiscard]] std::string loader_url() const;

  const Context* context_;
  std::optional<io::PrivatePostgres> server_;
  std::optional<io::ServerUse> use_;
  int version_ = 0;
};

}  // namespace homeroom::cli
