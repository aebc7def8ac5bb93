#pragma once

// The bytes of a source, in order, where the last ones taken can be given back.

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"

namespace homeroom::parse {

/// Room behind the bytes of a block, so that a scan may read whole vectors past their end.
inline constexpr std::size_t kBlockPadding = 64;

/// Fills blocks from a source. Not shared by threads.
/// Memory: what was given back, at most one block.
class InputQueue {
 public:
  explicit InputQueue(ByteSource& source) : source_(&source) {}

  /// Appends to the `used` first bytes of `block` until it has `wanted` of them or the source
  /// ends; `block` is made `kBlockPadding` longer than that. Sets `used`.
  /// Errors: the source's, once all bytes before it were given; from then on always.
  [[nodiscard]] Status fill(std::vector<char>& block, std::size_t& used, std::size_t wanted);

  /// Takes back the last bytes of what `fill` gave since the last `give_back`; at most one call
  /// for each filled block.
  void give_back(std::string_view rest);

  /// Puts bytes that were filled earlier before all that is left.
  void put_back(std::string_view bytes);

  /// Nothing is left to fill from.
  [[nodiscard]] bool is_at_end() const { return source_ended_ && at_ == kept_.size(); }

 private:
  ByteSource* source_;
  std::vector<char> kept_;  ///< what was given back, from `at_`
  std::size_t at_ = 0;
  bool source_ended_ = false;
  std::optional<Error> error_;  ///< of the source
};

}  // namespace homeroom::parse
