#include "io/decompress/zip_directory.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/decompress/member_name.h"
#include "io/file.h"

namespace homeroom::io {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kEndMark = "PK\x05\x06"sv;
constexpr std::string_view kRecordMark = "PK\x01\x02"sv;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kRecordBytes = 46;
constexpr std::uint64_t kMaxCommentBytes = 0xFFFF;
constexpr std::uint64_t kMaxDirectoryBytes = std::uint64_t{8} * 1024 * 1024;

// A number of `size` bytes, the lowest first.
std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i > 0; --i) {
    value = value << 8U | static_cast<unsigned char>(bytes[at + i - 1]);
  }
  return value;
}

void put_number(std::uint64_t value, std::size_t at, std::size_t size, std::string& bytes) {
  for (std::size_t i = 0; i < size; ++i, value >>= 8U) {
    bytes[at + i] = static_cast<char>(value & 0xFFU);
  }
}

Result<std::string> read_at(FileSource& file, std::uint64_t offset, std::uint64_t size) {
  HOMEROOM_TRY(file.seek(offset));
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::size_t used = 0;
  while (used < bytes.size()) {
    const std::size_t got = HOMEROOM_TRY(file.read(std::span(bytes).subspan(used)));
    if (got == 0) break;
    used += got;
  }
  bytes.resize(used);
  return bytes;
}

// What the end of a zip says of its directory.
struct Directory {
  std::uint64_t start = 0;
  std::uint64_t size = 0;
  std::uint64_t number = 0;
  std::string end;  ///< the record that says so, without its comment
};

// 0xFFFF and 0xFFFFFFFF mean that another record says it: a zip64.
std::optional<Directory> read_end(std::string_view last_bytes, std::uint64_t file_bytes) {
  const std::size_t at = last_bytes.rfind(kEndMark);
  if (at == std::string_view::npos || last_bytes.size() - at < kEndBytes) return std::nullopt;
  const std::string_view end = last_bytes.substr(at);
  const bool is_last = number_at(end, 20, 2) == end.size() - kEndBytes;
  const bool is_one_disk =
      number_at(end, 4, 4) == 0 && number_at(end, 8, 2) == number_at(end, 10, 2);
  Directory found{.start = 0,
                  .size = number_at(end, 12, 4),
                  .number = number_at(end, 10, 2),
                  .end = std::string(end.substr(0, kEndBytes))};
  const bool is_64 = found.number == 0xFFFF || number_at(end, 16, 4) == 0xFFFFFFFF;
  const std::uint64_t before = file_bytes - end.size();
  if (!is_last || !is_one_disk || is_64 || found.size > std::min(before, kMaxDirectoryBytes)) {
    return std::nullopt;
  }
  found.start = before - found.size;
  return found;
}

// The record of the only file of that name; empty: there is none, there are several, or the
// records do not add up. Adds up the files' sizes.
std::string_view find_record(std::string_view directory, std::uint64_t number,
                             std::string_view name, std::uint64_t& total_bytes) {
  std::string_view found;
  for (; number > 0; --number) {
    if (directory.size() < kRecordBytes || !directory.starts_with(kRecordMark)) return {};
    const std::uint64_t name_bytes = number_at(directory, 28, 2);
    const std::uint64_t size =
        kRecordBytes + name_bytes + number_at(directory, 30, 2) + number_at(directory, 32, 2);
    if (size > directory.size()) return {};
    total_bytes += number_at(directory, 24, 4);
    if (plain_member_name(directory.substr(kRecordBytes, name_bytes)) == name) {
      if (!found.empty()) return {};
      found = directory.substr(0, size);
    }
    directory.remove_prefix(size);
  }
  return directory.empty() ? found : std::string_view();
}

}  // namespace

Result<std::optional<ZipTail>> find_in_zip(FileSource& file, std::string_view name) {
  const std::uint64_t file_bytes = HOMEROOM_TRY(file.stamp()).size_bytes;
  const std::uint64_t num_last = std::min(file_bytes, kEndBytes + kMaxCommentBytes);
  const std::string last_bytes = HOMEROOM_TRY(read_at(file, file_bytes - num_last, num_last));
  std::optional<Directory> found = read_end(last_bytes, file_bytes);
  if (!found) return std::nullopt;
  ZipTail tail{.start = found->start, .bytes = {}, .num_records = found->number};
  const std::string directory = HOMEROOM_TRY(read_at(file, found->start, found->size));
  const std::string_view record = find_record(directory, found->number, name, tail.total_bytes);
  if (record.empty()) return std::nullopt;
  put_number(1, 8, 2, found->end);
  put_number(1, 10, 2, found->end);
  put_number(record.size(), 12, 4, found->end);
  put_number(0, 20, 2, found->end);
  tail.bytes = std::string(record) + found->end;
  return tail;
}

}  // namespace homeroom::io
