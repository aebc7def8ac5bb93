#include "parse/blocks/input_queue.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace homeroom::parse {

Status InputQueue::fill(std::vector<char>& block, std::size_t& used, std::size_t wanted) {
  const std::size_t used_before = used;
  if (source_ended_) wanted = std::min(wanted, used + kept_.size() - at_);
  if (block.size() < wanted + kBlockPadding) block.resize(wanted + kBlockPadding);
  if (used < wanted && at_ < kept_.size()) {
    const std::size_t size = std::min(wanted - used, kept_.size() - at_);
    std::memcpy(block.data() + used, kept_.data() + at_, size);
    used += size;
    at_ += size;
  }
  while (used < wanted && !source_ended_ && !error_) {
    const Result<std::size_t> size = source_->read({block.data() + used, wanted - used});
    if (size) {
      used += *size;
      source_ended_ = *size == 0;
    } else {
      error_ = size.error();
    }
  }
  if (error_ && used == used_before && used < wanted) return tl::unexpected(*error_);
  return {};
}

void InputQueue::give_back(std::string_view rest) {
  // While kept bytes are left, all that was taken came from them and still stands before `at_`.
  if (at_ < kept_.size()) {
    at_ -= rest.size();
    return;
  }
  kept_.assign(rest.begin(), rest.end());
  at_ = 0;
}

void InputQueue::put_back(std::string_view bytes) {
  kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(at_));
  kept_.insert(kept_.begin(), bytes.begin(), bytes.end());
  at_ = 0;
}

}  // namespace homeroom::parse
