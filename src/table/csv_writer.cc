#include "table/csv_writer.h"

#include <algorithm>
#include <array>

namespace homeroom {
namespace {

constexpr std::size_t kFlushBytes = 256 * 1024;

constexpr auto kNeedsQuotes = [] {
  std::array<bool, 256> table{};
  for (const unsigned char c : {',', '"', '\r', '\n'}) table[c] = true;
  return table;
}();

bool needs_quotes(std::string_view text) {
  bool found = false;
  for (const char c : text) found |= kNeedsQuotes[static_cast<unsigned char>(c)];
  return found;
}

}  // namespace

CsvWriter::CsvWriter(ByteSink& sink) : sink_(&sink) {
  buffer_.resize(kFlushBytes + 4096);
}

void CsvWriter::reserve(std::size_t size) {
  if (buffer_.size() - used_ >= size) [[likely]]
    return;
  buffer_.resize(std::max(used_ + size, buffer_.size() * 2));
}

void CsvWriter::field(std::string_view text) {
  reserve(2 * text.size() + 4);
  char* out = buffer_.data() + used_;
  if (has_fields_) *out++ = ',';
  has_fields_ = true;
  if (!needs_quotes(text)) [[likely]] {
    out = std::copy_n(text.data(), text.size(), out);
  } else {
    *out++ = '"';
    for (const char c : text) {
      if (c == '"') *out++ = '"';
      *out++ = c;
    }
    *out++ = '"';
  }
  used_ = static_cast<std::size_t>(out - buffer_.data());
}

Status CsvWriter::end_record() {
  reserve(4);
  if (used_ == record_start_ && has_fields_) {
    buffer_[used_++] = '"';
    buffer_[used_++] = '"';
  }
  buffer_[used_++] = '\n';
  has_fields_ = false;
  if (used_ >= kFlushBytes) HOMEROOM_TRY(finish());
  record_start_ = used_;
  return {};
}

Status CsvWriter::finish() {
  if (used_ == 0) return {};
  HOMEROOM_TRY(sink_->write({buffer_.data(), used_}));
  num_bytes_ += used_;
  used_ = 0;
  record_start_ = 0;
  return {};
}

}  // namespace homeroom
