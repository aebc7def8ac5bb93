#include "load/copy_sender.h"

#include <utility>

namespace homeroom::load {
namespace {

constexpr std::size_t kMostWaiting = 4;

}  // namespace

CopySender::~CopySender() {
  {
    const std::lock_guard lock(mutex_);
    is_given_up_ = true;
  }
  stop();
}

Status CopySender::send(CopyBlock& block) {
  std::unique_lock lock(mutex_);
  has_room_.wait(lock, [&] { return waiting_.size() < kMostWaiting || error_; });
  if (error_) return tl::unexpected(*error_);
  waiting_.push_back(std::move(block));
  block = {};
  if (!spare_.empty()) {
    block = std::move(spare_.back());
    spare_.pop_back();
  }
  lock.unlock();
  has_work_.notify_one();
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  return {};
}

Status CopySender::finish() {
  stop();
  if (error_) return tl::unexpected(*error_);
  return {};
}

void CopySender::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_last_ = true;
  }
  has_work_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void CopySender::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    has_work_.wait(lock, [&] { return !waiting_.empty() || is_last_; });
    if (waiting_.empty() || error_ || is_given_up_) return;
    CopyBlock block = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    Status sent = connection_->write_copy({block.bytes.data(), block.size});
    lock.lock();
    if (!sent) error_ = std::move(sent).error();
    block.size = 0;
    spare_.push_back(std::move(block));
    has_room_.notify_one();
  }
}

}  // namespace homeroom::load
