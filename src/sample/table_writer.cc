#include "sample/table_writer.h"

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <ios>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace homeroom::sample {
namespace {

constexpr std::size_t kBufferBytes = 1024 * 1024;
constexpr std::uint64_t kRepeatAfterRows = 17;

tl::unexpected<Error> cannot_write(const std::filesystem::path& path, const std::error_code& why) {
  return fail_with_detail(ErrorCode::kIo, fmt::format("Cannot write {}", path.string()),
                          "Choose a folder that you may write to, with space left on its disk",
                          why.message());
}

std::error_code last_error() {
  return {errno, std::generic_category()};
}

unsigned char to_byte(unsigned code_point) {
  switch (code_point) {
    case 0x2013:
      return 0x96;
    case 0x2019:
      return 0x92;
    case 0x201C:
      return 0x93;
    case 0x201D:
      return 0x94;
    default:
      return code_point >= 0xA0 && code_point <= 0xFF ? static_cast<unsigned char>(code_point)
                                                      : '?';
  }
}

}  // namespace

std::string to_windows_1252(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    if (lead < 0x80) {
      out.push_back(static_cast<char>(lead));
      continue;
    }
    unsigned code_point = lead >= 0xF0 ? lead & 0x07U : lead >= 0xE0 ? lead & 0x0FU : lead & 0x1FU;
    while (i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) {
      code_point = (code_point << 6U) | (static_cast<unsigned char>(text[i++]) & 0x3FU);
    }
    out.push_back(static_cast<char>(to_byte(code_point)));
  }
  return out;
}

Result<TableWriter> TableWriter::create(const std::filesystem::path& root, std::string path,
                                        const FileForm& form) {
  const std::filesystem::path full_path = root / path;
  std::error_code error;
  std::filesystem::create_directories(full_path.parent_path(), error);
  if (error) return cannot_write(full_path.parent_path(), error);
  errno = 0;
  std::ofstream stream(full_path, std::ios::binary | std::ios::trunc);
  if (!stream) return cannot_write(full_path, last_error());
  return TableWriter(std::move(stream), full_path, std::move(path), form);
}

TableWriter::TableWriter(std::ofstream stream, const std::filesystem::path& full_path,
                         std::string path, const FileForm& form)
    : stream_(std::move(stream)), full_path_(full_path), form_(form) {
  file_.path = std::move(path);
  if (form_.encoding == Encoding::kUtf8WithMark) buffer_ = "\xEF\xBB\xBF";
}

void TableWriter::line(std::string_view text) {
  buffer_.append(text).append(form_.newline);
}

void TableWriter::header(std::initializer_list<std::string_view> names) {
  append_cells(Cells(names.begin(), names.size()));
}

void TableWriter::row(Cells cells, Kind kind) {
  repeat_due(file_.num_rows);
  const std::size_t begin = buffer_.size();
  append_cells(cells);
  last_row_.assign(buffer_, begin);
  ++file_.num_rows;
  if (kind == Kind::kBad) ++file_.num_bad_rows;
  flush_when_full();
}

void TableWriter::repeat_later() {
  repeats_.emplace_back(file_.num_rows + kRepeatAfterRows, last_row_);
}

void TableWriter::footer(std::string_view text) {
  repeat_due(UINT64_MAX);
  line(text);
}

Result<WrittenFile> TableWriter::finish(std::string dirt) {
  repeat_due(UINT64_MAX);
  errno = 0;
  stream_ << buffer_;
  stream_.close();
  if (!stream_) return cannot_write(full_path_, last_error());
  file_.dirt = std::move(dirt);
  return std::move(file_);
}

void TableWriter::append_cells(Cells cells) {
  const std::size_t begin = buffer_.size();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) buffer_.push_back(form_.delimiter);
    append_cell(cells[i]);
  }
  buffer_.append(form_.newline);
  if (form_.encoding != Encoding::kWindows1252) return;
  const std::string encoded = to_windows_1252(std::string_view(buffer_).substr(begin));
  buffer_.replace(begin, std::string::npos, encoded);
}

void TableWriter::append_cell(std::string_view cell) {
  const char special[] = {form_.delimiter, '"', '\r', '\n', '\0'};
  const bool is_plain =
      form_.quoting == Quoting::kNever || (form_.quoting == Quoting::kWhenNeeded &&
                                           cell.find_first_of(special) == std::string_view::npos);
  if (is_plain) {
    buffer_.append(cell);
    return;
  }
  buffer_.push_back('"');
  for (const char c : cell) {
    if (c == '"') buffer_.push_back('"');
    buffer_.push_back(c);
  }
  buffer_.push_back('"');
}

void TableWriter::flush_when_full() {
  if (buffer_.size() < kBufferBytes) return;
  stream_ << buffer_;
  buffer_.clear();
}

void TableWriter::repeat_due(std::uint64_t until) {
  while (!repeats_.empty() && repeats_.front().first <= until) {
    buffer_.append(repeats_.front().second);
    repeats_.pop_front();
    ++file_.num_rows;
    ++file_.num_duplicate_rows;
  }
}

}  // namespace homeroom::sample
