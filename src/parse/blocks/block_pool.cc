#include "parse/blocks/block_pool.h"

#include <algorithm>
#include <utility>

namespace homeroom::parse {
namespace {

constexpr std::size_t kSpareBlocks = 2;
constexpr int kTurnsBeforeSleep = 1000;
constexpr std::size_t kOwner = 0;  // the number of the owner's thread
constexpr std::size_t kAnyNumberOfRows = SIZE_MAX;

void cut(PooledBlock& block, BlockCutter& cutter) {
  block.issues.clear();
  cutter.start(block.batch);
  block.status = cutter.cut(block.text, kAnyNumberOfRows, block.issues);
  cutter.finish(block.is_last);
  block.is_past_table = cutter.is_past_table();
  block.stated_rows = cutter.stated_rows();
}

}  // namespace

BlockPool::BlockPool(std::size_t num_threads, const MakeCutter& make_cutter, Fill fill)
    : fill_(std::move(fill)), slots_(num_threads + kSpareBlocks) {
  for (Slot& slot : slots_) {
    slot.cutter = make_cutter();
    free_.push_back(&slot);
  }
  for (std::size_t i = 1; i < num_threads; ++i) threads_.emplace_back([this, i] { work(i); });
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
    return std::ranges::all_of(pending_, &Slot::is_done);
  });
}

// What a thread used before costs it least to use again: memory of another one's cache has to be
// fetched from there.
BlockPool::Slot& BlockPool::take_free(std::size_t thread_number) {
  auto taken = std::ranges::find(free_, thread_number, &Slot::last_user);
  if (taken == free_.end()) taken = free_.begin();
  Slot& slot = **taken;
  free_.erase(taken);
  slot.last_user = thread_number;
  return slot;
}

// The lock is let go meanwhile.
void BlockPool::fill_and_cut(std::unique_lock<std::mutex>& lock, std::size_t thread_number) {
  Slot& slot = take_free(thread_number);
  is_filling_ = true;
  lock.unlock();
  slot.block.status = {};
  const Filled filled = fill_(slot.block);
  lock.lock();
  is_filling_ = false;
  if (filled != Filled::kBlock) is_paused_ = true;
  if (filled == Filled::kNothing) {
    free_.push_back(&slot);
  } else {
    slot.is_done = false;
    pending_.push_back(&slot);
  }
  has_changed_.notify_all();
  if (filled == Filled::kNothing) return;
  lock.unlock();
  if (slot.block.status) cut(slot.block, *slot.cutter);
  lock.lock();
  slot.is_done = true;
  has_changed_.notify_all();
}

// A wait is nearly always shorter than falling asleep and being woken; and threads that sleep and
// wake in turn look to the system like ones that may share a processor.
template <class Predicate>
void BlockPool::wait_until(std::unique_lock<std::mutex>& lock, const Predicate& holds) {
  for (int i = 0; i < kTurnsBeforeSleep; ++i) {
    if (holds()) return;
    lock.unlock();
    std::this_thread::yield();
    lock.lock();
  }
  has_changed_.wait(lock, holds);
}

void BlockPool::work(std::size_t thread_number) {
  std::unique_lock lock(mutex_);
  while (true) {
    wait_until(lock, [this] { return is_stopping_ || may_fill(); });
    if (is_stopping_) return;
    fill_and_cut(lock, thread_number);
  }
}

PooledBlock* BlockPool::wait_for_oldest() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (!pending_.empty() && pending_.front()->is_done) return &pending_.front()->block;
    if (pending_.empty() && is_paused_ && !is_filling_) return nullptr;
    if (may_fill()) {
      fill_and_cut(lock, kOwner);
    } else {
      wait_until(lock, [this] {
        return may_fill() ||
               (pending_.empty() ? is_paused_ && !is_filling_ : pending_.front()->is_done);
      });
    }
  }
}

void BlockPool::release_oldest() {
  {
    const std::lock_guard lock(mutex_);
    free_.push_back(pending_.front());
    pending_.pop_front();
  }
  has_changed_.notify_all();
}

}  // namespace homeroom::parse
