#include "terminal.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

namespace homeroom::cli {
namespace {

constexpr double kSecondsBetweenUpdates = 0.1;

bool wants_color(const Context& context, int descriptor) {
  if (context.color == ColorMode::kNever) return false;
  return context.color == ColorMode::kAlways || is_terminal(descriptor);
}

std::string_view code_of(Style style) {
  switch (style) {
    case Style::kPlain:
      return "";
    case Style::kBold:
      return "\x1B[1m";
    case Style::kDim:
      return "\x1B[2m";
    case Style::kGood:
      return "\x1B[32m";
    case Style::kWarn:
      return "\x1B[33m";
    case Style::kBad:
      return "\x1B[31m";
  }
  return "";
}

// Length of the escape sequence at the start of `text`; 0: there is none.
std::size_t escape_length(std::string_view text) {
  if (!text.starts_with("\x1B[")) return 0;
  const auto end = text.find('m');
  return end == std::string_view::npos ? 0 : end + 1;
}

struct Glyph {
  std::size_t size = 1;
  int width = 1;
};

Glyph first_glyph(std::string_view text) {
  utf8proc_int32_t codepoint = 0;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &codepoint);
  if (size <= 0) return {};
  return {.size = static_cast<std::size_t>(size), .width = utf8proc_charwidth(codepoint)};
}

// The first or last glyphs of a text that fit `width` columns.
std::string_view head_of(std::string_view text, std::size_t width) {
  std::size_t bytes = 0;
  std::size_t used = 0;
  while (bytes < text.size()) {
    const Glyph glyph = first_glyph(text.substr(bytes));
    if (used + static_cast<std::size_t>(glyph.width) > width) break;
    used += static_cast<std::size_t>(glyph.width);
    bytes += glyph.size;
  }
  return text.substr(0, bytes);
}

std::string_view tail_of(std::string_view text, std::size_t width) {
  std::size_t start = 0;
  while (display_width(text.substr(start)) > width) start += first_glyph(text.substr(start)).size;
  return text.substr(start);
}

void append_padded(std::string& out, std::string_view cell, std::size_t width, bool is_right) {
  const std::size_t used = display_width(cell);
  const std::string padding(width > used ? width - used : 0, ' ');
  if (is_right) out += padding;
  out += cell;
  if (!is_right) out += padding;
}

}  // namespace

bool is_terminal(int descriptor) {
  return isatty(descriptor) == 1;
}

int terminal_width() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 100;
  return size.ws_col;
}

std::string styled(const Context& context, Style style, std::string_view text, int descriptor) {
  if (style == Style::kPlain || !wants_color(context, descriptor)) return std::string(text);
  return fmt::format("{}{}\x1B[0m", code_of(style), text);
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    if (const std::size_t escape = escape_length(text); escape > 0) {
      text.remove_prefix(escape);
      continue;
    }
    const Glyph glyph = first_glyph(text);
    width += static_cast<std::size_t>(std::max(0, glyph.width));
    text.remove_prefix(glyph.size);
  }
  return width;
}

std::string shortened(std::string_view text, std::size_t width) {
  if (display_width(text) <= width || width < 5) return std::string(text);
  const std::size_t tail = (width - 1) / 2;
  return fmt::format("{}…{}", head_of(text, width - 1 - tail), tail_of(text, tail));
}

std::string printable(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7F) {
      result += c;
    } else {
      result += c == '\n' || c == '\r' ? std::string_view("⏎") : std::string_view("·");
    }
  }
  return result;
}

std::string Table::text(const Context& context, std::string_view indent) const {
  std::vector<std::size_t> widths;
  for (const Column& column : columns_) widths.push_back(display_width(column.heading));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  std::string out;
  const auto append_row = [&](const std::vector<std::string>& cells, Style style) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) line += "  ";
      append_padded(line, cells[i], widths[i], columns_[i].align == Align::kRight);
    }
    while (line.ends_with(' ')) line.pop_back();
    out += fmt::format("{}{}\n", indent, styled(context, style, line));
  };
  std::vector<std::string> headings;
  for (const Column& column : columns_) headings.push_back(column.heading);
  append_row(headings, Style::kDim);
  for (const auto& row : rows_) append_row(row, Style::kPlain);
  return out;
}

ProgressBar::ProgressBar(const Context& context)
    : is_shown_(is_terminal(STDERR_FILENO) && !context.is_quiet && !context.is_json) {}

ProgressBar::~ProgressBar() {
  clear();
}

void ProgressBar::start(std::string_view name) {
  name_ = printable(name);
  start_seconds_ = steady_seconds();
  last_seconds_ = start_seconds_;
}

void ProgressBar::update(std::uint64_t done, std::uint64_t of) {
  if (!is_shown_ || of == 0) return;
  const double now = steady_seconds();
  if (now - last_seconds_ < kSecondsBetweenUpdates) return;
  last_seconds_ = now;
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(of));
  constexpr int kBarColumns = 24;
  const int filled = static_cast<int>(share * kBarColumns);
  const double megabytes = static_cast<double>(done) / 1e6;
  fmt::print(stderr, "\r{}  [{:=<{}}{:<{}}] {:3.0f} %  {:.0f} MB/s \x1B[K", shortened(name_, 40),
             ">", filled + 1, "", kBarColumns - filled, 100 * share,
             megabytes / std::max(0.001, now - start_seconds_));
  std::fflush(stderr);
  has_line_ = true;
}

void ProgressBar::clear() {
  if (!has_line_) return;
  fmt::print(stderr, "\r\x1B[K");
  std::fflush(stderr);
  has_line_ = false;
}

void print_error(const Context& context, const Error& error) {
  // Those of contracts name their file and line themselves.
  std::string where = fmt::format("line {}", error.position.line);
  const bool is_said = error.message.find(fmt::format(", {}: ", where)) != std::string::npos;
  if (error.position.column > 0) where += fmt::format(", column {}", error.position.column);
  where = error.position.line == 0 || is_said ? "" : fmt::format(" ({})", where);
  fmt::print(stderr, "{} {}{}\n", styled(context, Style::kBad, "homeroom:", STDERR_FILENO),
             printable(error.message), where);
  if (!error.hint.empty()) fmt::print(stderr, "  {}\n", printable(error.hint));
  if (!error.detail.empty()) {
    fmt::print(stderr, "  {}\n",
               styled(context, Style::kDim, printable(error.detail), STDERR_FILENO));
  }
}

}  // namespace homeroom::cli
