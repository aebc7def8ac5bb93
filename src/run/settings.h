#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/date.h"
#include "contract/contract.h"
#include "contract/profile/profiled_contracts.h"
#include "io/decompress/decompress.h"
#include "parse/batch_reader.h"
#include "sniff/sniff.h"
#include "validate/row_hash.h"

namespace homeroom::run {

/// What the user asked for, the same for every file of a run.
struct Settings {
  const contract::ContractSet* contracts = nullptr;  ///< outlives the run
  /// The same with the systems' profiles; null: no file has one. Outlives the run.
  contract::ProfiledContracts* profiles = nullptr;
  std::string profile;  ///< that of every file; empty: known by the headers; "none": no profile
  std::string engine_version;
  sniff::Overrides overrides;
  parse::Limits limits;
  io::DecompressLimits decompress_limits;
  std::string dataset;             ///< take every file for this data set; empty: decide
  std::optional<int> school_year;  ///< for files that do not tell
  std::optional<CivilDate> today;  ///< the day of the run; without it no date is in the future
  bool check_keys = true;          ///< look for repeated and contradicting keys within a file
  std::size_t key_memory_bytes = 112 * 1024 * 1024;  ///< beyond it key hashes go to disk
  validate::HashSecret hash_secret;                  ///< programs make it a secret
  bool keeps_changes = false;   ///< every single change is written, where files are written
  bool is_read_afresh = false;  ///< what is remembered of how files are written is forgotten
  std::string user;             ///< who the ledger names for what a person decides
  /// A person has looked: checks that would hold a file only say what they found.
  bool is_released = false;
  /// What the user said besides `overrides`, as text: files read otherwise are taken again.
  std::string reading;
  /// How messages call the database: "private PostgreSQL 15 in DATA/pg".
  std::string database;
  std::filesystem::path scratch;  ///< an existing folder for temporary files
  /// Where tries at files are noted (run/attempt.h); empty: nowhere.
  std::filesystem::path attempts;
  /// Called with the bytes read so far of the file's size, some times a second at most.
  std::function<void(std::uint64_t done, std::uint64_t of)> progress;
};

}  // namespace homeroom::run
