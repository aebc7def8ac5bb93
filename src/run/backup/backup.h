#pragma once

// `homeroom backup` and `restore`: the database and the store in one folder.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/store.h"

namespace homeroom::run {

/// backup.json of a backup's folder. What it names is complete: it is written last.
struct Backup {
  std::string made_at;         ///< ISO time
  std::string engine_version;  ///< of the program that made it
  std::string dump;            ///< name of the database's file
  std::string dump_sha256;
  std::uint64_t dump_bytes = 0;
  std::uint64_t num_objects = 0;  ///< of the store
};

struct MadeBy {
  std::string time;  ///< ISO
  std::string engine_version;
};

struct BackupCounts {
  std::uint64_t num_copied = 0;  ///< objects that the folder did not have yet
  std::uint64_t bytes_copied = 0;
  std::uint64_t num_left = 0;  ///< objects of an earlier backup that the store no longer has
};

/// Brings `folder` up to date: the database as it stands now, and what the store has more than
/// the folder. Loads may go on meanwhile: the store is copied after the database, so that all that
/// the ledger names is there. Stopped anywhere, the folder is the earlier backup still.
/// Errors: kConfig, kDatabase as io::dump_database; kIo.
[[nodiscard]] Result<Backup> make_backup(const std::string& url, const std::string& role,
                                         const io::Store& store,
                                         const std::filesystem::path& folder, const MadeBy& made_by,
                                         BackupCounts& counts);

/// Errors: kInvalidInput for a folder that holds no complete backup, or one whose database file
/// has another hash.
[[nodiscard]] Result<Backup> read_backup(const std::filesystem::path& folder);

/// The objects of a backup into a store; returns how many.
[[nodiscard]] Result<std::uint64_t> restore_objects(const std::filesystem::path& folder,
                                                    const io::Store& store);

}  // namespace homeroom::run
