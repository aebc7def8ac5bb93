#pragma once

// Which rows of a file share a key: told apart into repeats (key and content equal) and
// contradictions (same key, other content).
//
//     KeyLedger ledger(scratch, 64 << 20, KeyLedger::Lines::kOneRow);
//     const KeySighting seen = HOMEROOM_TRY(ledger.add(line, key_hash, content_hash));
//     ...                                                     // every row that would be loaded
//     if (!ledger.is_settled())                               // not all was said on the way
//       for (const KeyVerdict& verdict : HOMEROOM_TRY(ledger.finish())) ...

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "base/result.h"
#include "table/batch.h"
#include "validate/row_hash.h"

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

/// What is known of a row when it is added.
struct KeySighting {
  enum class What : std::uint8_t {
    kNew,        ///< no row before it has its key
    kDuplicate,  ///< equal to the row at `first_line`, the first of its key
    kConflict,   ///< same key as the row at `first_line`, other content
    kNotKnown,   ///< `finish()` tells
  } what = What::kNotKnown;
  LineNumber first_line = 0;
};

/// Keeps 32 bytes a row, in memory as long as they are few, then in a temporary file in `scratch`;
/// and 5 to 11 bytes a row in memory to find the first of a key, as long as `memory_bytes` has room
/// for them (12 million rows in 112 MiB). Beyond that `add` tells no more, and `finish()` sorts all
/// rows on disk, so that neither many rows nor many equal keys take more than `memory_bytes`.
/// `finish()` takes 24 bytes a verdict besides. Not shared by threads.
///
/// Rows are told apart by their hashes alone (row_hash.h says how surely): any two different keys
/// of n rows are taken for one with a chance below n^2 / 2^126 (10^-23 at 20 million rows).
class KeyLedger {
 public:
  enum class Lines : std::uint8_t {
    kOneRow,       ///< a line makes one row; lines are added in ascending order
    kSeveralRows,  ///< a line may make several, added one after the other; `add` tells nothing
  };

  /// `scratch` exists and may be written; it is used only past `memory_bytes`. About `num_rows` are
  /// expected (0: not known).
  KeyLedger(std::filesystem::path scratch, std::size_t memory_bytes, Lines lines,
            std::uint64_t num_rows = 0);
  ~KeyLedger();
  KeyLedger(KeyLedger&&) noexcept;
  KeyLedger& operator=(KeyLedger&&) noexcept;

  /// One row: the hash of its key and that of all its cells.
  /// Errors: kIo when the temporary file cannot be written; kInvalidInput past line 2^40.
  [[nodiscard]] Result<KeySighting> add(LineNumber line, const Hash128& key, std::uint64_t content);

  /// Brings to the processor what `add` will look at. A hint, worth giving some rows ahead.
  void prefetch(const Hash128& key) const;

  /// True while `add` told all there is to tell: there is no conflict, and every duplicate was
  /// called one.
  [[nodiscard]] bool is_settled() const;

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
