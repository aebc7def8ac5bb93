#pragma once

// Records in order, in memory as long as they fit, else in sorted runs of a temporary file that
// are merged while they are read.
//
//     SpillSorter<Entry> sorter(scratch, 64 << 20);
//     HOMEROOM_TRY(sorter.add(entry));            // any number of times
//     HOMEROOM_TRY(sorter.finish());
//     auto reader = sorter.read();                // as often as needed
//     while (HOMEROOM_TRY(reader.next(entry))) ...

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"
#include "validate/spill_file.h"

namespace homeroom::validate {

/// Sorts in place: by the bytes of `record.prefix()` from the highest on, small parts by `<`.
/// `prefix()` is a number that orders as the records do, as far as 64 bits tell.
template <class Record>
void sort_by_prefix(std::span<Record> records, int shift = 56) {
  constexpr std::size_t kSmall = 128;
  if (records.size() <= kSmall || shift < 0) {
    std::sort(records.begin(), records.end());
    return;
  }
  const auto byte_of = [shift](const Record& record) {
    return static_cast<std::size_t>((record.prefix() >> shift) & 0xFFU);
  };
  std::array<std::size_t, 257> starts{};
  for (const Record& record : records) ++starts[byte_of(record) + 1];
  for (std::size_t byte = 0; byte < 256; ++byte) starts[byte + 1] += starts[byte];
  std::array<std::size_t, 256> next{};
  std::copy_n(starts.begin(), next.size(), next.begin());
  for (std::size_t byte = 0; byte < 256; ++byte) {
    while (next[byte] < starts[byte + 1]) {
      Record& here = records[next[byte]];
      const std::size_t home = byte_of(here);
      if (home != byte) std::swap(here, records[next[home]]);
      ++next[home];
    }
  }
  for (std::size_t byte = 0; byte < 256; ++byte) {
    const std::size_t size = starts[byte + 1] - starts[byte];
    if (size > 1) sort_by_prefix(records.subspan(starts[byte], size), shift - 8);
  }
}

/// Not shared by threads. Memory: `memory_bytes` (at least 32 KiB) while records are added; while
/// they are read the same when all fit, else 64 blocks of at most 64 KiB.
template <class Record>
class SpillSorter {
  static_assert(std::is_trivially_copyable_v<Record>);

  struct Run {
    std::uint64_t offset = 0;
    std::uint64_t num_records = 0;
  };

 public:
  class Reader;

  SpillSorter(std::filesystem::path folder, std::size_t memory_bytes)
      : folder_(std::move(folder)),
        capacity_(std::max(memory_bytes, kMinMemoryBytes) / sizeof(Record)) {}

  /// Errors: kIo when the temporary file cannot be written.
  [[nodiscard]] Status add(const Record& record) {
    if (buffer_.size() == buffer_.capacity()) HOMEROOM_TRY(make_room());
    buffer_.push_back(record);
    return {};
  }

  /// No record is added afterwards. Errors: as `add`.
  [[nodiscard]] Status finish() {
    if (runs_.empty()) {
      sort_by_prefix(std::span<Record>(buffer_));
      return {};
    }
    HOMEROOM_TRY(spill());
    buffer_ = {};
    while (runs_.size() > kMaxMergedRuns) HOMEROOM_TRY(merge_first_runs());
    return {};
  }

  /// All records in order, from the first; after `finish()`.
  [[nodiscard]] Reader read() const {
    if (runs_.empty()) return Reader(buffer_);
    return Reader(*file_, runs_, block_records());
  }

 private:
  static constexpr std::size_t kMinMemoryBytes = 32 * 1024;
  static constexpr std::size_t kMaxBlockBytes = 64 * 1024;
  static constexpr std::size_t kMinBlockBytes = 4 * 1024;
  static constexpr std::size_t kMaxMergedRuns = 64;

  [[nodiscard]] std::size_t block_records() const {
    const std::size_t share = capacity_ * sizeof(Record) / (kMaxMergedRuns + 1);
    return std::clamp(share, kMinBlockBytes, kMaxBlockBytes) / sizeof(Record);
  }

  // The first time reserves room: pages are taken as they are written, so that few records cost
  // little and many are never copied.
  [[nodiscard]] Status make_room() {
    if (!buffer_.empty()) return spill();
    buffer_.reserve(capacity_);
    return {};
  }

  [[nodiscard]] Status spill() {
    sort_by_prefix(std::span<Record>(buffer_));
    if (!file_) file_ = HOMEROOM_TRY(SpillFile::create(folder_));
    runs_.push_back({.offset = file_->size_bytes(), .num_records = buffer_.size()});
    HOMEROOM_TRY(file_->append(std::as_bytes(std::span(buffer_))));
    buffer_.clear();
    return {};
  }

  // Makes one run of the first ones, at the end of the file.
  [[nodiscard]] Status merge_first_runs() {
    const auto last = runs_.begin() + kMaxMergedRuns;
    const std::vector<Run> merged(runs_.begin(), last);
    Run run{.offset = file_->size_bytes(), .num_records = 0};
    for (const Run& part : merged) run.num_records += part.num_records;
    runs_.erase(runs_.begin(), last);
    Reader reader(*file_, merged, block_records());
    std::vector<Record> block;
    for (std::uint64_t left = run.num_records; left > 0; left -= block.size()) {
      block.resize(std::min<std::uint64_t>(left, block_records()));
      for (Record& record : block) HOMEROOM_TRY(reader.next(record));
      HOMEROOM_TRY(file_->append(std::as_bytes(std::span(block))));
    }
    runs_.push_back(run);
    return {};
  }

  std::filesystem::path folder_;
  std::size_t capacity_;
  std::vector<Record> buffer_;
  std::vector<Run> runs_;
  std::optional<SpillFile> file_;
};

/// Must not outlive its sorter. Not shared by threads.
template <class Record>
class SpillSorter<Record>::Reader {
 public:
  /// False at the end. Errors: kIo when the temporary file cannot be read.
  [[nodiscard]] Result<bool> next(Record& out) {
    if (!is_primed_) HOMEROOM_TRY(prime());
    if (heap_.empty()) return false;
    Source& lowest = *heap_.front();
    out = lowest.left.front();
    lowest.left = lowest.left.subspan(1);
    if (lowest.left.empty()) HOMEROOM_TRY(refill(lowest));
    if (lowest.left.empty()) {
      heap_.front() = heap_.back();
      heap_.pop_back();
    }
    sift_down(0);
    return true;
  }

 private:
  friend class SpillSorter;

  struct Source {
    std::span<const Record> left;
    Run unread;
    std::vector<Record> block;
  };

  explicit Reader(std::span<const Record> records) : sources_(1) { sources_[0].left = records; }

  Reader(const SpillFile& file, std::span<const Run> runs, std::size_t block_records)
      : file_(&file), block_records_(block_records), sources_(runs.size()) {
    for (std::size_t i = 0; i < runs.size(); ++i) sources_[i].unread = runs[i];
  }

  [[nodiscard]] Status prime() {
    is_primed_ = true;
    for (Source& source : sources_) {
      if (source.left.empty()) HOMEROOM_TRY(refill(source));
      if (!source.left.empty()) heap_.push_back(&source);
    }
    for (std::size_t i = heap_.size(); i-- > 0;) sift_down(i);
    return {};
  }

  [[nodiscard]] Status refill(Source& source) {
    Run& unread = source.unread;
    source.block.resize(std::min<std::uint64_t>(unread.num_records, block_records_));
    if (source.block.empty()) return {};
    const auto bytes = std::as_writable_bytes(std::span(source.block));
    HOMEROOM_TRY(file_->read(unread.offset, bytes));
    unread.offset += bytes.size();
    unread.num_records -= source.block.size();
    source.left = source.block;
    return {};
  }

  // Restores the order below `i`: a source is not above those below it.
  void sift_down(std::size_t i) {
    const auto is_less = [this](std::size_t left, std::size_t right) {
      return heap_[left]->left.front() < heap_[right]->left.front();
    };
    for (std::size_t child = 2 * i + 1; child < heap_.size(); child = 2 * i + 1) {
      if (child + 1 < heap_.size() && is_less(child + 1, child)) ++child;
      if (!is_less(child, i)) return;
      std::swap(heap_[i], heap_[child]);
      i = child;
    }
  }

  const SpillFile* file_ = nullptr;
  std::size_t block_records_ = 0;
  std::vector<Source> sources_;
  std::vector<Source*> heap_;  // into sources_, which never grows
  bool is_primed_ = false;
};

}  // namespace homeroom::validate
