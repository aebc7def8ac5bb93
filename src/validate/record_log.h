#pragma once

// Records in the order they came, in memory as long as they are few, else in a temporary file.

#include <algorithm>
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

/// Not shared by threads. Memory: at most `memory_bytes`; once they are on disk, 64 KiB.
template <class Record>
class RecordLog {
  static_assert(std::is_trivially_copyable_v<Record>);

 public:
  RecordLog(std::filesystem::path folder, std::size_t memory_bytes)
      : folder_(std::move(folder)),
        capacity_(std::max(memory_bytes / sizeof(Record), kBlockRecords)) {}

  /// Errors: kIo when the temporary file cannot be written.
  [[nodiscard]] Status add(const Record& record) {
    if (last_.size() == capacity_) HOMEROOM_TRY(spill());
    // Pages are taken as they are written: many records are never copied.
    if (last_.empty()) last_.reserve(capacity_);
    last_.push_back(record);
    return {};
  }

  [[nodiscard]] std::uint64_t size() const { return num_in_file_ + last_.size(); }

  /// Errors: kIo when the temporary file cannot be read.
  [[nodiscard]] Result<Record> at(std::uint64_t position) const {
    if (position >= num_in_file_) return last_[position - num_in_file_];
    Record record{};
    HOMEROOM_TRY(
        file_->read(position * sizeof(Record), std::as_writable_bytes(std::span(&record, 1))));
    return record;
  }

  /// Calls `visit` with every record, in order. Errors: as `at`.
  template <class Visit>
  [[nodiscard]] Status for_each(const Visit& visit) const {
    std::vector<Record> block;
    for (std::uint64_t at = 0; at < num_in_file_; at += block.size()) {
      block.resize(std::min<std::uint64_t>(kBlockRecords, num_in_file_ - at));
      HOMEROOM_TRY(file_->read(at * sizeof(Record), std::as_writable_bytes(std::span(block))));
      for (const Record& record : block) visit(record);
    }
    for (const Record& record : last_) visit(record);
    return {};
  }

 private:
  static constexpr std::size_t kBlockRecords = 64 * 1024 / sizeof(Record);

  [[nodiscard]] Status spill() {
    if (!file_) file_ = HOMEROOM_TRY(SpillFile::create(folder_));
    HOMEROOM_TRY(file_->append(std::as_bytes(std::span(last_))));
    num_in_file_ += last_.size();
    last_.clear();
    if (capacity_ == kBlockRecords) return {};
    capacity_ = kBlockRecords;
    last_ = std::vector<Record>();
    return {};
  }

  std::filesystem::path folder_;
  std::size_t capacity_;
  std::vector<Record> last_;  ///< those behind the ones in the file
  std::uint64_t num_in_file_ = 0;
  std::optional<SpillFile> file_;
};

}  // namespace homeroom::validate
