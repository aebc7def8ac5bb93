#pragma once

// What people see: colours, tables, a progress bar. Results go to stdout, the rest to stderr.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "context.h"

namespace homeroom::cli {

enum class Style : std::uint8_t { kPlain, kBold, kDim, kGood, kWarn, kBad };

/// `text` in a style, when the stream is a terminal that wants colours.
[[nodiscard]] std::string styled(const Context& context, Style style, std::string_view text,
                                 int descriptor = 1);

[[nodiscard]] bool is_terminal(int descriptor);
/// Columns of the terminal; 100 when it is none.
[[nodiscard]] int terminal_width();
/// Columns that a text takes: UTF-8 characters, wide ones twice, colours none.
[[nodiscard]] std::size_t display_width(std::string_view text);
/// The text cut to `width` columns, its middle replaced by "…".
[[nodiscard]] std::string shortened(std::string_view text, std::size_t width);
/// Bytes that are no text on a terminal (control characters) made harmless.
[[nodiscard]] std::string printable(std::string_view text);

/// Rows under headings, numbers to the right.
class Table {
 public:
  enum class Align : std::uint8_t { kLeft, kRight };

  struct Column {
    std::string heading;
    Align align = Align::kLeft;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  [[nodiscard]] bool is_empty() const { return rows_.empty(); }

  [[nodiscard]] std::string text(const Context& context, std::string_view indent = "  ") const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// One line on stderr that is written over; nothing when stderr is no terminal.
class ProgressBar {
 public:
  explicit ProgressBar(const Context& context);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void start(std::string_view name);
  void update(std::uint64_t done, std::uint64_t of);
  void clear();

 private:
  bool is_shown_;
  bool has_line_ = false;
  std::string name_;
  double start_seconds_ = 0;
  double last_seconds_ = 0;
};

/// "homeroom: what happened" with position, hint and detail, on stderr.
void print_error(const Context& context, const Error& error);

}  // namespace homeroom::cli
