#pragma once

// UTF-8 that a program took for Windows-1252 and wrote as UTF-8 once more: "é" became "Ã©".

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/byte_source.h"

namespace homeroom {

/// How often a text looks encoded twice, and how often it does not.
struct DoubleEncodingCount {
  std::uint64_t num_doubled = 0;   ///< characters that stand as two to four others
  std::uint64_t num_sure = 0;      ///< those of them that no text spells by chance: "Ã©", "â€™"
  std::uint64_t num_single = 0;    ///< other characters beyond ASCII
  std::uint64_t first_offset = 0;  ///< of the first doubled one, in bytes of the text
  /// U+FFFD, doubled ones too: letters that a program could not read. `count_double_encoding` and
  /// an undoing source count only doubled ones.
  std::uint64_t num_lost = 0;
  std::uint64_t first_lost_offset = 0;

  /// Certain enough to repair: every character beyond ASCII is doubled, one of them for sure.
  [[nodiscard]] bool is_certain() const { return num_sure > 0 && num_single == 0; }
};

/// `text` is UTF-8. A character cut off at its end is not counted.
[[nodiscard]] DoubleEncodingCount count_double_encoding(std::string_view text);

/// Passes UTF-8 on, counting what looks encoded twice; undoes it when told to, and leaves alone
/// what does not fit. Not shared by threads. Memory: 64 KiB.
class DoubleEncodingSource : public ByteSource {
 public:
  enum class Action : std::uint8_t { kCount, kUndo };

  /// `source` gives UTF-8 and must outlive this object.
  [[nodiscard]] static std::unique_ptr<DoubleEncodingSource> create(ByteSource& source,
                                                                    Action action);

  [[nodiscard]] virtual const DoubleEncodingCount& count() const = 0;
};

/// All of `text` with what looks encoded twice undone.
[[nodiscard]] std::string undo_double_encoding(std::string_view text);

}  // namespace homeroom
