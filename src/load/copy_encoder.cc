#include "load/copy_encoder.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "load/binary_value.h"

namespace homeroom::load {
namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kFirstBytes = 288 * 1024;

// Signature, flags, length of the header extension.
constexpr std::string_view kHeader("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);

tl::unexpected<Error> broken(std::string message, LineNumber line, std::size_t position) {
  return tl::unexpected<Error>(Error{.code = ErrorCode::kInternal,
                                     .message = std::move(message),
                                     .hint = "this is a defect of Homeroom: please report it",
                                     .detail = {},
                                     .position = {.line = line, .column = position + 1}});
}

}  // namespace

CopyEncoder::CopyEncoder(std::vector<EncodedColumn> columns, std::optional<std::int64_t> run_id)
    : columns_(std::move(columns)), run_id_(run_id) {
  for (const EncodedColumn& column : columns_) num_fields_ += column.has_flag ? 2 : 1;
  num_fields_ += run_id_ ? 2 : 1;  // the line
}

char* CopyEncoder::reserve(std::size_t size) {
  if (buffer_.size() - used_ < size) {
    buffer_.resize(std::max({kFirstBytes, buffer_.size() * 2, used_ + size}));
  }
  return buffer_.data() + used_;
}

void CopyEncoder::add_header() {
  std::memcpy(reserve(kHeader.size()), kHeader.data(), kHeader.size());
  used_ += kHeader.size();
}

void CopyEncoder::add_trailer() {
  char* out = reserve(2);
  used_ += static_cast<std::size_t>(write_int16(-1, out) - out);
}

Status CopyEncoder::add_row(std::span<const std::vector<Cell>* const> cells, RowIndex row,
                            LineNumber line) {
  char* out = reserve(2);
  used_ += static_cast<std::size_t>(write_int16(num_fields_, out) - out);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    HOMEROOM_TRY(add_cell((*cells[i])[row], columns_[i], line, i));
  }
  out = reserve(2 * (kLengthBytes + 8));
  char* end = write_int32(8, out);
  end = write_int64(static_cast<std::int64_t>(line), end);
  if (run_id_) end = write_int64(*run_id_, write_int32(8, end));
  used_ += static_cast<std::size_t>(end - out);
  return {};
}

Status CopyEncoder::add_cell(const Cell& cell, EncodedColumn& column, LineNumber line,
                             std::size_t position) {
  const std::string_view text = cell.text();
  char* out = reserve(text.size() + kValueOverheadBytes);
  char* end = nullptr;
  if (cell.has_value() && cell.size > 0) {
    char* value = out + kLengthBytes;
    end = write_binary(column.type, text, value);
    if (end == nullptr) {
      return broken(
          fmt::format("a cleaned value of column {} is no {}", column.name, to_string(column.type)),
          line, position);
    }
    (void)write_int32(static_cast<std::int32_t>(end - value), out);
  } else if (cell.state == CellState::kBad) {
    return broken(fmt::format("a bad value of column {} was not set aside", column.name), line,
                  position);
  } else {
    end = write_int32(-1, out);
    ++column.num_nulls;
  }
  const bool is_suppressed = cell.state == CellState::kSuppressed;
  if (is_suppressed && !column.has_flag) {
    return broken(fmt::format("column {} has no place for a suppressed value", column.name), line,
                  position);
  }
  if (column.has_flag) {
    end = write_int32(1, end);
    *end++ = is_suppressed ? '\1' : '\0';
  }
  used_ += static_cast<std::size_t>(end - out);
  return {};
}

}  // namespace homeroom::load
