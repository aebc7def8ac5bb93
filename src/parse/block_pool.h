#pragma once

// Cuts several blocks of a file side by side and gives them back in order.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"
#include "parse/block_cutter.h"
#include "table/batch.h"
#include "table/issue.h"

namespace homeroom::parse {

/// A block on its way: filled by the owner of the pool, cut by any thread.
struct PooledBlock {
  Batch batch;                 ///< its `block` holds the bytes
  BlockText text;              ///< in: where to begin; out: how far it was cut
  LineNumber end_line = 0;     ///< the line behind the block, as far as its line feeds tell
  bool is_past_table = false;  ///< out: a second table begins in it, all behind is of no table
  bool is_last = false;        ///< the file ends with it
  Status status;
  std::vector<Issue> issues;
};

/// One thread owns it and calls it; the others are its own. While the owner waits for a block, it
/// cuts blocks as well.
/// Memory: a block and a batch for each of `num_threads` + 2 blocks.
class BlockPool {
 public:
  using MakeCutter = std::function<std::unique_ptr<BlockCutter>()>;

  /// `num_threads`, at least 2, counts the owner's.
  BlockPool(std::size_t num_threads, const MakeCutter& make_cutter);
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;
  ~BlockPool();

  [[nodiscard]] bool is_empty() const { return num_pending_ == 0; }

  [[nodiscard]] bool is_full() const { return num_pending_ == slots_.size(); }

  /// The block to fill next; not while the pool is full.
  [[nodiscard]] PooledBlock& next_free() { return slot_at(num_pending_).block; }

  /// Hands the filled `next_free()` to the threads.
  void submit();

  /// The oldest block, cut. Not while the pool is empty.
  [[nodiscard]] PooledBlock& wait_for_oldest();

  /// Makes the oldest block free again.
  void release_oldest();

 private:
  struct Slot {
    PooledBlock block;
    std::unique_ptr<BlockCutter> cutter;
    bool is_done = false;  // guarded by mutex_
  };

  [[nodiscard]] Slot& slot_at(std::size_t position) {
    return slots_[(oldest_ + position) % slots_.size()];
  }

  void work();
  void cut_next(std::unique_lock<std::mutex>& lock);

  std::deque<Slot> slots_;
  std::size_t oldest_ = 0;       // the owner's
  std::size_t num_pending_ = 0;  // the owner's
  std::mutex mutex_;
  std::condition_variable is_ready_;
  std::condition_variable is_done_;
  std::deque<Slot*> ready_;   // guarded by mutex_
  bool is_stopping_ = false;  // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace homeroom::parse
