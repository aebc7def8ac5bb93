#pragma once

// Writes one file of the drop folder in the form of the system that would have exported it.

#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "sample/sample.h"

namespace homeroom::sample {

enum class Encoding : unsigned char { kUtf8, kUtf8WithMark, kWindows1252 };
enum class Quoting : unsigned char { kWhenNeeded, kAlways, kNever };

struct FileForm {
  char delimiter = ',';
  std::string_view newline = "\n";
  Encoding encoding = Encoding::kUtf8;
  Quoting quoting = Quoting::kWhenNeeded;
};

/// Whether a right reading keeps the row.
enum class Kind : unsigned char { kGood, kBad };

using Cells = std::span<const std::string_view>;

/// Memory: 1 MiB of text. A failed write is reported by `finish`, once.
class TableWriter {
 public:
  /// Makes the file and the folders above it.
  [[nodiscard]] static Result<TableWriter> create(const std::filesystem::path& root,
                                                  std::string path, const FileForm& form);

  /// A line outside the table, as it is: a title, a blank line. Not counted.
  void line(std::string_view text);
  void header(std::initializer_list<std::string_view> names);
  void row(Cells cells, Kind kind = Kind::kGood);

  void row(std::initializer_list<std::string_view> cells, Kind kind = Kind::kGood) {
    row(Cells(cells.begin(), cells.size()), kind);
  }

  /// Writes the last row once more, some rows later.
  void repeat_later();

  /// A totals line after the last row. Not counted.
  void footer(std::string_view text);

  [[nodiscard]] std::uint64_t num_rows() const { return file_.num_rows; }

  /// Closes the file. `dirt` says what is wrong with it on purpose.
  [[nodiscard]] Result<WrittenFile> finish(std::string dirt);

 private:
  TableWriter(std::ofstream stream, const std::filesystem::path& full_path, std::string path,
              const FileForm& form);

  void append_cells(Cells cells);
  void append_cell(std::string_view cell);
  void flush_when_full();
  void repeat_due(std::uint64_t until);

  std::ofstream stream_;
  std::filesystem::path full_path_;
  FileForm form_;
  WrittenFile file_;
  std::string buffer_;
  std::string last_row_;
  std::deque<std::pair<std::uint64_t, std::string>> repeats_;  // due at this row
};

/// UTF-8 text in windows-1252; '?' for what that has no byte for.
[[nodiscard]] std::string to_windows_1252(std::string_view text);

}  // namespace homeroom::sample
