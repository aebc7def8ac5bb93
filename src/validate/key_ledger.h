#pragma once

// Which rows of a file share a key: told apart into repeats (key and content equal) and
// contradictions (same key, other content).
//
//     KeyLedger ledger(scratch, 64 << 20);
//     HOMEROOM_TRY(ledger.add(line, key_cells, all_cells));   // every row that would be loaded
//     for (const KeyVerdict& verdict : HOMEROOM_TRY(ledger.finish())) ...

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "table/batch.h"

namespace homeroom::validate {

struct KeyVerdict {
  LineNumber line = 0;
  LineNumber first_line = 0;  ///< the row that has the key first (the next one, for the first;
                              ///< `line` itself where it contradicts itself)
  enum class What : std::uint8_t {
    kDuplicate,  ///< equal to the row at `first_line`
    kConflict,   ///< same key as the row at `first_line`, other content: both are in the list
  } what = What::kDuplicate;
};

/// Keeps 32 bytes a row: in memory, and beyond `memory_bytes` in a temporary file in `scratch`
/// that is merged as it is read back, so that neither many rows nor many equal keys take more.
/// `finish()` takes 24 bytes a verdict besides. Not shared by threads.
///
/// Rows are told apart by hashes: XXH3-128 of the key, XXH3-64 of the content. The chance that
/// any two different keys of n rows are taken for one is below n^2 / 2^129 (10^-24 at 20 million
/// rows), that two contents of one key are taken for equal 2^-64 a pair.
class KeyLedger {
 public:
  /// `scratch` exists and may be written; it is used only past `memory_bytes`.
  KeyLedger(std::filesystem::path scratch, std::size_t memory_bytes);
  ~KeyLedger();
  KeyLedger(KeyLedger&&) noexcept;
  KeyLedger& operator=(KeyLedger&&) noexcept;

  /// One row: its key's cells and all its cells. A null equals a null, a suppressed cell a
  /// suppressed one; neither equals an empty text. The rows made from one line (unpivoted) are
  /// added one after the other.
  /// Errors: kIo when the temporary file cannot be written; kInvalidInput past line 2^40.
  [[nodiscard]] Status add(LineNumber line, std::span<const Cell> key,
                           std::span<const Cell> content);

  /// The verdicts, one a line at most, ascending by line; the ledger is empty afterwards.
  ///
  /// A line is in conflict when one of its rows shares its key with a row of other content, of
  /// the same line too; every line of such a key is. A line is a duplicate when each of its rows
  /// equals one of a lower line that is not in conflict; the lowest line of equal rows is kept
  /// and has no verdict. A row repeated within its line counts once.
  /// Errors: kIo.
  [[nodiscard]] Result<std::vector<KeyVerdict>> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace homeroom::validate
