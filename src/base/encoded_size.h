#pragma once

// How many bytes decoded text took in its file.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace homeroom {

/// Pure once made; may be shared by threads.
///
///     EncodedSize("utf-16le", false).of("a\u00e9")  // 4
class EncodedSize {
 public:
  /// `encoding` as Dialect has it; `is_encoded_twice`: see double_encoding.h.
  EncodedSize(std::string_view encoding, bool is_encoded_twice);

  /// Of the byte order mark that stands before the text where there is one.
  [[nodiscard]] std::size_t bom() const { return bom_; }

  /// False: as many as it has now.
  [[nodiscard]] bool differs() const { return differs_; }

  /// `text` is UTF-8, whole characters. Not known of damaged UTF-8: what was replaced there counts
  /// as it stands now.
  [[nodiscard]] std::size_t of(std::string_view text) const;

 private:
  std::array<std::uint8_t, 256> sizes_{};  ///< in the file, by byte of the text
  std::size_t bom_ = 0;
  bool differs_ = false;
};

}  // namespace homeroom
