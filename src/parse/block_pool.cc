#include "parse/block_pool.h"

namespace homeroom::parse {
namespace {

constexpr std::size_t kSpareBlocks = 2;
constexpr std::size_t kAnyNumberOfRows = SIZE_MAX;

}  // namespace

BlockPool::BlockPool(std::size_t num_threads, const MakeCutter& make_cutter)
    : slots_(num_threads + kSpareBlocks) {
  for (Slot& slot : slots_) slot.cutter = make_cutter();
  for (std::size_t i = 1; i < num_threads; ++i) threads_.emplace_back([this] { work(); });
}

BlockPool::~BlockPool() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  is_ready_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

// Cuts the block that waits longest, of which there is one; the lock is let go meanwhile.
void BlockPool::cut_next(std::unique_lock<std::mutex>& lock) {
  Slot& slot = *ready_.front();
  ready_.pop_front();
  lock.unlock();
  PooledBlock& block = slot.block;
  block.issues.clear();
  slot.cutter->start(block.batch);
  block.status = slot.cutter->cut(block.text, kAnyNumberOfRows, block.issues);
  slot.cutter->finish(block.is_last);
  block.is_past_table = slot.cutter->is_past_table();
  lock.lock();
  slot.is_done = true;
}

void BlockPool::submit() {
  Slot& slot = slot_at(num_pending_);
  ++num_pending_;
  {
    const std::lock_guard lock(mutex_);
    slot.is_done = false;
    ready_.push_back(&slot);
  }
  is_ready_.notify_one();
}

void BlockPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    is_ready_.wait(lock, [this] { return is_stopping_ || !ready_.empty(); });
    if (is_stopping_) return;
    cut_next(lock);
    is_done_.notify_one();
  }
}

PooledBlock& BlockPool::wait_for_oldest() {
  Slot& oldest = slot_at(0);
  std::unique_lock lock(mutex_);
  while (!oldest.is_done) {
    if (ready_.empty()) {
      is_done_.wait(lock);
    } else {
      cut_next(lock);
    }
  }
  return oldest.block;
}

void BlockPool::release_oldest() {
  oldest_ = (oldest_ + 1) % slots_.size();
  --num_pending_;
}

}  // namespace homeroom::parse
