#include "parse/blocks/read_ahead.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace homeroom::parse {
namespace {

constexpr std::size_t kPieces = 4;
constexpr std::size_t kPieceBytes = 64 * 1024;

}  // namespace

ReadAhead::ReadAhead(ByteSource& source)
    : source_(&source), spare_(kPieces), thread_([this] { run(); }) {}

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  has_changed_.notify_all();
  thread_.join();
}

void ReadAhead::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    has_changed_.wait(lock, [this] { return is_stopping_ || !spare_.empty(); });
    if (is_stopping_) return;
    std::vector<char> piece = std::move(spare_.back());
    spare_.pop_back();
    lock.unlock();
    piece.resize(kPieceBytes);
    const Result<std::size_t> size = source_->read(piece);
    lock.lock();
    if (!size) error_ = size.error();
    has_ended_ = !size || *size == 0;
    if (!has_ended_) {
      piece.resize(*size);
      full_.push_back(std::move(piece));
    }
    has_changed_.notify_all();
    if (has_ended_) return;
  }
}

Result<std::size_t> ReadAhead::read(std::span<char> out) {
  std::unique_lock lock(mutex_);
  has_changed_.wait(lock, [this] { return has_ended_ || !full_.empty(); });
  if (full_.empty()) {
    if (error_) return tl::unexpected(*error_);
    return 0;
  }
  const std::vector<char>& piece = full_.front();
  const std::size_t size = std::min(out.size(), piece.size() - at_);
  std::memcpy(out.data(), piece.data() + at_, size);
  at_ += size;
  if (at_ == piece.size()) {
    spare_.push_back(std::move(full_.front()));
    full_.pop_front();
    at_ = 0;
    has_changed_.notify_all();
  }
  return size;
}

}  // namespace homeroom::parse
