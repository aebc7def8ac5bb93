#include "run/loading/seen_bytes.h"

#include <optional>
#include <string_view>

#include "catalog/ledger.h"
#include "contract/profile/profiled_contracts.h"
#include "io/sha256.h"
#include "run/reading/input_stream.h"

namespace homeroom::run {

std::string read_by(const PreparedFile& file, const Settings& settings) {
  io::Sha256 hash;
  const auto add = [&](std::string_view text) {
    hash.update(text);
    hash.update(std::string_view("\0", 1));
  };
  add(settings.contracts->hash());
  if (settings.profiles != nullptr) {
    for (const contract::SystemProfile& profile : settings.profiles->profiles()) {
      add(profile.text);
    }
  }
  add(settings.reading);
  add(settings.check_keys ? "keys" : "");
  add(file.reading);
  add(file.input.place.dataset);
  const auto& name = file.input.known_as.empty() ? file.input.path : file.input.known_as;
  add(name.filename().native());
  return hash.finish();
}

Result<SeenBytes> find_seen(io::Connection& connection, const Settings& settings,
                            const PreparedFile& file, const std::string& read_by) {
  SeenBytes seen{.sha256 = HOMEROOM_TRY(hash_file(file.input.path, file.stamp)), .dataset = {}};
  catalog::Ledger ledger(connection);
  seen.is_seen = HOMEROOM_TRY(ledger.has_bytes(seen.sha256));
  if (!seen.is_seen) return seen;
  const std::string& source = file.input.source;
  const auto known =
      HOMEROOM_TRY(ledger.find_known(source, seen.sha256, settings.engine_version, read_by));
  if (!known) return seen;
  catalog::FileRecord record;
  record.path = ledger_path(file.input);
  // A copy from the archive is younger than the file: what is known of that stays.
  if (file.input.known_as.empty()) record.modified_at = std::to_string(file.stamp.modified_ns);
  record.sha256 = seen.sha256;
  record.contract_version = known->contract_version;
  record.engine_version = settings.engine_version;
  record.contracts_hash = known->contracts_hash;
  io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(connection));
  const auto current = HOMEROOM_TRY(ledger.find_current(record, source, known->dataset));
  if (!current) return seen;
  HOMEROOM_TRY(ledger.record_arrival(*current, source, record));
  HOMEROOM_TRY(transaction.commit());
  seen.run_id = *current;
  seen.dataset = known->dataset;
  return seen;
}

}  // namespace homeroom::run
