#pragma once

// Bytes with one owner and one end of life: what a batch's changed cells point into.

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace homeroom {

/// Hands out bytes that live until `reset()`; keeps its blocks for reuse, so a
/// steady stream of batches allocates nothing. Not shared by threads.
/// Memory: the largest batch's bytes, rounded up to 64 KiB blocks.
class Arena {
 public:
  /// `size` writable bytes; never null, even for 0.
  [[nodiscard]] char* allocate(std::size_t size) {
    if (size > left_) [[unlikely]]
      next_block(size);
    char* bytes = cursor_;
    cursor_ += size;
    left_ -= size;
    return bytes;
  }

  /// A copy of `text` that lives as long as the arena's content.
  [[nodiscard]] std::string_view copy(std::string_view text) {
    char* bytes = allocate(text.size());
    if (!text.empty()) std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
  }

  /// Gives back the unused end of the newest allocation (made with `allocate(reserved)`).
  void shrink_last(std::size_t reserved, std::size_t used) {
    cursor_ -= reserved - used;
    left_ += reserved - used;
  }

  /// Forgets the content, keeps the blocks (but those larger than 1 MiB).
  void reset() {
    std::erase_if(blocks_, [](const Block& block) { return block.size > kKeepBytes; });
    next_ = 0;
    left_ = 0;
    cursor_ = empty_;
  }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };

  static constexpr std::size_t kBlockBytes = 64 * 1024;
  static constexpr std::size_t kKeepBytes = 1024 * 1024;

  void next_block(std::size_t size) {
    while (next_ < blocks_.size() && blocks_[next_].size < size) ++next_;
    if (next_ == blocks_.size()) {
      const std::size_t block_size = size > kBlockBytes ? size : kBlockBytes;
      blocks_.push_back({std::make_unique_for_overwrite<char[]>(block_size), block_size});
    }
    cursor_ = blocks_[next_].bytes.get();
    left_ = blocks_[next_].size;
    ++next_;
  }

  std::vector<Block> blocks_;
  std::size_t next_ = 0;
  char empty_[1] = {};
  char* cursor_ = empty_;
  std::size_t left_ = 0;
};

}  // namespace homeroom
