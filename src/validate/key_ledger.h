#pragma once

// Which rows of a file share a key: told apart into repeats (key and content equal) and
// contradictions (same key, other content). Exact up to 128-bit hashes.

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
  LineNumber first_line = 0;  ///< the row that has the key first (the next one, for the first)
  enum class What : std::uint8_t {
    kDuplicate,  ///< equal to the row at `first_line`
    kConflict,   ///< same key as the row at `first_line`, other content: both are in the list
  } what = What::kDuplicate;
};

/// Keeps 32 bytes a row in memory, and in temporary files in `scratch` beyond `memory_bytes`.
/// Not shared by threads.
class KeyLedger {
 public:
  /// `scratch` exists and may be written; it is used only past `memory_bytes`.
  KeyLedger(std::filesystem::path scratch, std::size_t memory_bytes);
  ~KeyLedger();
  KeyLedger(KeyLedger&&) noexcept;
  KeyLedger& operator=(KeyLedger&&) noexcept;

  /// One row: its key's cells and all its cells. A null equals a null.
  /// Errors: kIo when the temporary file cannot be written.
  [[nodiscard]] Status add(LineNumber line, std::span<const Cell> key,
                           std::span<const Cell> content);

  /// All verdicts, ascending by line; the ledger is empty afterwards. Among equal rows the one
  /// with the lowest line is kept (it has no verdict). When a key has two contents, every row of
  /// that key is a conflict.
  [[nodiscard]] Result<std::vector<KeyVerdict>> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace homeroom::validate
