#pragma once

// What cleaning leaves for a load that happens later, elsewhere: runs/<name>-<place>.load.json in
// the store. With the clean objects that it names, the load needs nothing else, the raw file least
// of all.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/ledger.h"
#include "io/store.h"
#include "run/cleaning/cleaning_pass.h"
#include "run/reading/prepare.h"
#include "run/report.h"
#include "run/settings.h"
#include "source/folder.h"

namespace homeroom::run {

/// When a file was cleaned: files are loaded in this order, as one run would have taken them.
struct CleanedAt {
  std::string time;          ///< ISO, of the program's start; "" sorts first
  std::uint64_t number = 0;  ///< of the file in that program's run

  auto operator<=>(const CleanedAt&) const = default;
};

struct LoadManifest {
  CleanedAt at;
  FileReport report;  ///< as cleaning left it; good, held or refused
  std::string source;
  std::string known_as;  ///< the file's name, by which its kind is known
  catalog::FileRecord record;
  std::string dataset;
  std::string contract;       ///< name; empty: the file fits none
  std::string contract_hash;  ///< Contract::text_hash
  std::string profile;
  std::string read_by;  ///< hash of what decides how it is read (run/loading/seen_bytes.h)
  CleanedFile cleaned;
  TableSchema table;
  std::vector<std::uint32_t> fields;  ///< of each column of the table, from 1; 0: made of several
  std::vector<std::string> header;    ///< of the file
  std::string stem;                   ///< of the file's name
  std::string sha256;
};

/// What the ledger keeps of a file. `file` null: it was not read far enough to tell.
[[nodiscard]] catalog::FileRecord file_record(const source::InputFile& input,
                                              const PreparedFile* file, const FileReport& report,
                                              const Settings& settings, std::string raw_key);

/// `file` null as above.
[[nodiscard]] LoadManifest make_manifest(const source::InputFile& input, const PreparedFile* file,
                                         const CleanedFile& cleaned, const FileReport& report,
                                         const Settings& settings, CleanedAt at);

/// Bytes that came under two names, or from two sources, have two: each is an arrival.
[[nodiscard]] Status write_manifest(const io::Store& store, const LoadManifest& manifest);

/// Those of the store, in the order in which their files were cleaned.
/// Errors: kInvalidInput for one that is damaged or of a newer program, naming it; kIo.
[[nodiscard]] Result<std::vector<LoadManifest>> read_manifests(const io::Store& store);

/// The file as the steps of a load know it. `contract` null: it fits none; it must outlive it.
[[nodiscard]] PreparedFile prepared_of(const LoadManifest& manifest,
                                       const contract::Contract* contract);
[[nodiscard]] source::InputFile input_of(const LoadManifest& manifest);

}  // namespace homeroom::run
