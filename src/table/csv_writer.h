#pragma once

// Rows as canonical CSV: UTF-8, comma, LF, quotes only where RFC 4180 needs them.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"
#include "base/sixteen_bytes.h"

namespace homeroom {

/// Writes records to a sink, buffered. Not shared by threads.
/// Memory: 256 KiB and the longest record.
///
///     CsvWriter csv(sink);
///     csv.field("id"); csv.field("name"); HOMEROOM_TRY(csv.end_record());
///     ... HOMEROOM_TRY(csv.finish());
class CsvWriter {
 public:
  explicit CsvWriter(ByteSink& sink);

  /// Adds a field to the record; quoted when it holds a comma, a quote, CR or LF. A record of
  /// one empty or blank field is quoted so that it is not taken for a blank line, and a first field
  /// that begins like a byte order mark so that it is not taken for one.
  void field(std::string_view text);
  [[nodiscard]] Status end_record();

  /// The fast way, for a record of two fields or more that is not the file's first: room for the
  /// record's next fields, `num_fields` of them and `num_bytes` long together. Whoever asks writes
  /// them there with `put_field`, a comma before each but the record's first, and says how far.
  [[nodiscard]] char* begin_fields(std::size_t num_bytes, std::size_t num_fields) {
    reserve(2 * num_bytes + 3 * num_fields + SixteenBytes::kSize);
    return buffer_.data() + used_;
  }

  void end_fields(const char* end, std::size_t num_fields) {
    used_ = static_cast<std::size_t>(end - buffer_.data());
    num_fields_ += num_fields;
  }

  /// Writes one field, quoted where need be; returns its end.
  static char* put_field(std::string_view text, char* out) {
    if (!copy_text(text, out)) [[likely]]
      return out + text.size();
    return put_unusual(text, out);
  }

  /// What is written of the record begun, without a line end.
  [[nodiscard]] std::span<const char> record() const {
    return std::span<const char>(buffer_).subspan(record_start_, used_ - record_start_);
  }

  /// Takes the record begun back.
  void drop_record() {
    used_ = record_start_;
    num_fields_ = 0;
  }

  /// Writes what is buffered. The sink is not closed.
  [[nodiscard]] Status finish();

  /// Bytes handed to the sink or waiting in the buffer.
  [[nodiscard]] std::size_t num_bytes() const { return num_bytes_ + used_; }

 private:
  // What wants quotes is below it, and so is little else.
  static constexpr unsigned char kFirstUsual = ',' + 1;

  void reserve(std::size_t size) {
    if (buffer_.size() - used_ < size) [[unlikely]]
      grow(size);
  }

  void grow(std::size_t size);

  // Copies the text in blocks, up to 15 bytes too many; true when a byte may want quotes.
  static bool copy_text(std::string_view text, char* out) {
    const char* const data = text.data();
    const std::size_t size = text.size();
    if (size <= SixteenBytes::kSize) {
      const SixteenBytes bytes = SixteenBytes::load(data, size);
      bytes.store(out);
      return bytes.has_below(kFirstUsual, size);
    }
    bool is_unusual = false;
    const auto copy = [&](std::size_t at) {
      const SixteenBytes bytes = SixteenBytes::load(data + at);
      bytes.store(out + at);
      is_unusual |= bytes.has_below(kFirstUsual, SixteenBytes::kSize);
    };
    for (std::size_t at = 0; at + SixteenBytes::kSize <= size; at += SixteenBytes::kSize) copy(at);
    copy(size - SixteenBytes::kSize);  // overlaps the one before
    return is_unusual;
  }

  static char* put_unusual(std::string_view text, char* out);
  static char* put_quoted(std::string_view text, char* out);

  ByteSink* sink_;
  std::vector<char> buffer_;
  std::size_t used_ = 0;
  std::size_t num_bytes_ = 0;
  std::size_t record_start_ = 0;
  std::size_t num_fields_ = 0;  ///< of the record
};

}  // namespace homeroom
