#pragma once

// Reads and cuts several blocks of a file side by side and gives them back in order.

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"
#include "parse/blocks/block_cutter.h"
#include "table/batch.h"
#include "table/issue.h"

namespace homeroom::parse {

/// A block on its way: filled and cut by any thread, one after the other.
struct PooledBlock {
  Batch batch;                 ///< its `block` holds the bytes
  BlockText text;              ///< in: where to begin; out: how far it was cut
  LineNumber end_line = 0;     ///< the line behind the block, as far as its line feeds tell
  bool is_past_table = false;  ///< out: a second table begins in it, all behind is of no table
  bool is_last = false;        ///< the file ends with it
  Status status;               ///< of reading it, then of cutting it
  std::vector<Issue> issues;
  std::optional<StatedRows> stated_rows;  ///< out
};

/// What became of the next block.
enum class Filled : std::uint8_t {
  kBlock,      ///< it is filled, or has an error for its status
  kLastBlock,  ///< the same, and there is none behind it
  kNothing,    ///< there is none that could be cut by itself
};

/// One thread owns it and calls it; the others are its own. Each of them takes the next bytes of
/// the input and cuts them itself, so that they stay in its cache; the owner does as well while it
/// waits, and while it does other things, the others read ahead.
/// Memory: a block and a batch for each of `num_threads` + 2 blocks.
class BlockPool {
 public:
  using MakeCutter = std::function<std::unique_ptr<BlockCutter>()>;

  /// Fills the next block. Called by one thread at a time, but by any of them; never while the
  /// pool is paused.
  using Fill = std::function<Filled(PooledBlock&)>;

  /// `num_threads`, at least 2, counts the owner's. The pool is paused.
  BlockPool(std::size_t num_threads, const MakeCutter& make_cutter, Fill fill);
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;
  ~BlockPool();

  /// Takes more blocks from the input, until there are none or it is paused.
  void start();

  /// Waits until no thread reads or cuts: what they used is then the owner's.
  void pause();

  /// The oldest block, cut; null when there is none and the pool is paused.
  [[nodiscard]] PooledBlock* wait_for_oldest();

  /// Makes the oldest block free again.
  void release_oldest();

 private:
  struct Slot {
    PooledBlock block;
    std::unique_ptr<BlockCutter> cutter;
    std::size_t last_user = 0;  ///< number of a thread: its cache may still hold the memory
    bool is_done = false;
  };

  [[nodiscard]] bool may_fill() const { return !is_paused_ && !is_filling_ && !free_.empty(); }

  template <class Predicate>
  void wait_until(std::unique_lock<std::mutex>& lock, const Predicate& holds);
  [[nodiscard]] Slot& take_free(std::size_t thread_number);
  void work(std::size_t thread_number);
  void fill_and_cut(std::unique_lock<std::mutex>& lock, std::size_t thread_number);

  Fill fill_;
  std::mutex mutex_;
  std::condition_variable has_changed_;
  // Guarded by mutex_, but for the block and the cutter of a slot that is being filled or cut.
  std::deque<Slot> slots_;
  std::vector<Slot*> free_;
  std::deque<Slot*> pending_;  ///< filled, in the order of the file
  bool is_filling_ = false;
  bool is_paused_ = true;
  bool is_stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace homeroom::parse
