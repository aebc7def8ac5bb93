#include "parse/blocks/block_pool.h"

#include <utility>

namespace homeroom::parse {
namespace {

constexpr std::size_t kSpareBlocks = 1;
constexpr std::size_t kAnyNumberOfRows = SIZE_MAX;

void cut(PooledBlock& block, BlockCutter& cutter) {
  block.issues.clear();
  cutter.start(block.batch);
  block.status = cutter.cut(block.text, kAnyNumberOfRows, block.issues);
  cutter.finish(block.is_last);
  block.is_past_table = cutter.is_past_table();
}

}  // namespace

BlockPool::BlockPool(std::size_t num_threads, const MakeCutter& make_cutter, Fill fill)
    : fill_(std::move(fill)), slots_(num_threads + kSpareBlocks) {
  for (Slot& slot : slots_) slot.cutter = make_cutter();
  for (std::size_t i = 1; i < num_threads; ++i) threads_.emplace_back([this] { work(); });
}

BlockPool::~BlockPool() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  has_changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void BlockPool::start() {
  {
    const std::lock_guard lock(mutex_);
    if (!is_paused_) return;
    is_paused_ = false;
  }
  has_changed_.notify_all();
}

void BlockPool::pause() {
  std::unique_lock lock(mutex_);
  is_paused_ = true;
  has_changed_.wait(lock, [this] {
    if (is_filling_) return false;
    for (std::size_t i = 0; i < num_pending_; ++i) {
      if (!slot_at(i).is_done) return false;
    }
    return true;
  });
}

// The lock is let go meanwhile.
void BlockPool::fill_and_cut(std::unique_lock<std::mutex>& lock) {
  Slot& slot = slot_at(num_pending_);
  is_filling_ = true;
  lock.unlock();
  slot.block.status = {};
  const Filled filled = fill_(slot.block);
  lock.lock();
  is_filling_ = false;
  if (filled != Filled::kBlock) is_paused_ = true;
  if (filled != Filled::kNothing) {
    slot.is_done = false;
    ++num_pending_;
  }
  has_changed_.notify_all();
  if (filled == Filled::kNothing) return;
  lock.unlock();
  if (slot.block.status) cut(slot.block, *slot.cutter);
  lock.lock();
  slot.is_done = true;
  has_changed_.notify_all();
}

void BlockPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    has_changed_.wait(lock, [this] { return is_stopping_ || may_fill(); });
    if (is_stopping_) return;
    fill_and_cut(lock);
  }
}

PooledBlock* BlockPool::wait_for_oldest() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (num_pending_ > 0 && slot_at(0).is_done) return &slot_at(0).block;
    if (num_pending_ == 0 && is_paused_ && !is_filling_) return nullptr;
    if (may_fill()) {
      fill_and_cut(lock);
    } else {
      has_changed_.wait(lock);
    }
  }
}

void BlockPool::release_oldest() {
  {
    const std::lock_guard lock(mutex_);
    oldest_ = (oldest_ + 1) % slots_.size();
    --num_pending_;
  }
  has_changed_.notify_all();
}

}  // namespace homeroom::parse
