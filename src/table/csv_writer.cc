#include "table/csv_writer.h"

#include <algorithm>
#include <cstddef>

namespace homeroom {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";  // of byte order
constexpr std::size_t kFlushBytes = 256 * 1024;

bool needs_quotes(std::string_view text) {
  constexpr std::size_t kSize = SixteenBytes::kSize;
  const auto has_any = [](const SixteenBytes& bytes, std::size_t size) {
    return bytes.has_any_of(',', '"', '\r', '\n', size);
  };
  if (text.size() <= kSize) {
    return has_any(SixteenBytes::load(text.data(), text.size()), text.size());
  }
  for (std::size_t at = 0; at + kSize <= text.size(); at += kSize) {
    if (has_any(SixteenBytes::load(text.data() + at), kSize)) return true;
  }
  return has_any(SixteenBytes::load(text.data() + text.size() - kSize), kSize);
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

CsvWriter::CsvWriter(ByteSink& sink) : sink_(&sink) {
  buffer_.resize(kFlushBytes + 4096);
}

void CsvWriter::grow(std::size_t size) {
  buffer_.resize(std::max(used_ + size, buffer_.size() * 2));
}

char* CsvWriter::put_quoted(std::string_view text, char* out) {
  *out++ = '"';
  for (const char c : text) {
    if (c == '"') *out++ = '"';
    *out++ = c;
  }
  *out++ = '"';
  return out;
}

// The text stands at `out` already.
char* CsvWriter::put_unusual(std::string_view text, char* out) {
  return needs_quotes(text) ? put_quoted(text, out) : out + text.size();
}

void CsvWriter::field(std::string_view text) {
  char* out = begin_fields(text.size(), 1);
  if (num_fields_ > 0) *out++ = ',';
  const bool is_like_mark = num_fields_ == 0 && num_bytes() == 0 && text.starts_with(kMark);
  end_fields(is_like_mark ? put_quoted(text, out) : put_field(text, out), 1);
}

Status CsvWriter::end_record() {
  reserve(4);
  if (num_fields_ == 1 && is_blank({buffer_.data() + record_start_, used_ - record_start_})) {
    char* const record = buffer_.data() + record_start_;
    std::copy_backward(record, buffer_.data() + used_, buffer_.data() + used_ + 1);
    *record = '"';
    buffer_[++used_] = '"';
    ++used_;
  }
  buffer_[used_++] = '\n';
  num_fields_ = 0;
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
