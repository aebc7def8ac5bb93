#pragma once

// Memory for tables that are looked up at random places: in pages of 2 MiB where the system has
// them, so that finding the page does not cost more than reading it.

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

#include <sys/mman.h>

namespace homeroom::validate {

/// A number of items, all bytes zero at first. May be moved; not shared by threads.
template <class Item>
class HugePages {
  static_assert(std::is_trivially_copyable_v<Item>);

 public:
  HugePages() = default;

  /// Pages are taken as they are touched. Ends the program when there is no memory.
  explicit HugePages(std::size_t size) : size_(size) {
    const std::size_t num_bytes = size * sizeof(Item);
    const std::size_t page = num_bytes >= kHugePage ? kHugePage : kPage;
    const std::size_t rounded = (num_bytes + page - 1) / page * page;
    void* const bytes =
        mmap(nullptr, rounded + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED) throw std::bad_alloc();
    mapping_ = {bytes, Unmap{rounded + page}};
    std::size_t room = rounded + page;
    void* aligned = bytes;
    std::align(page, rounded, aligned, room);
    items_ = static_cast<Item*>(aligned);
#ifdef MADV_HUGEPAGE
    if (page == kHugePage) madvise(aligned, rounded, MADV_HUGEPAGE);
#endif
  }

  [[nodiscard]] std::size_t size() const { return mapping_ == nullptr ? 0 : size_; }

  [[nodiscard]] Item& operator[](std::size_t at) { return items_[at]; }

  [[nodiscard]] const Item& operator[](std::size_t at) const { return items_[at]; }

 private:
  static constexpr std::size_t kPage = 4096;
  static constexpr std::size_t kHugePage = std::size_t{2} << 20U;

  struct Unmap {
    std::size_t num_bytes = 0;

    void operator()(void* bytes) const { munmap(bytes, num_bytes); }
  };

  std::unique_ptr<void, Unmap> mapping_;
  Item* items_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace homeroom::validate
