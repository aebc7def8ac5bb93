// Property: any bytes in any dialect are read without a crash, within the limits, and the same by
// every kernel and any number of threads; what is written as canonical CSV comes back as it was
// written.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "parse/batch_reader.h"
#include "parse/reader_kernel.h"
#include "parse/testing.h"

namespace homeroom::parse {
namespace {

Dialect choose_dialect(std::uint8_t choice) {
  constexpr std::string_view kDelimiters[] = {",", ";", "\t", ", ", "||", "", "a", " "};
  Dialect dialect;
  dialect.delimiter = kDelimiters[choice % 8];
  dialect.quote = (choice & 8) != 0 ? '"' : '\'';
  dialect.escape = (choice & 16) != 0 ? '\\' : dialect.quote;
  if ((choice & 96) == 96) dialect.quote = '\0';
  dialect.header_lines = choice >> 7;
  return dialect;
}

std::string canonical(std::string_view text, const Dialect& dialect, const Limits& limits) {
  TextSource source(text);
  TextSink sink;
  const auto reader = create_reader(source, dialect, limits, Kernel::kBest);
  if (!reader || !write_canonical(**reader, sink)) return {};
  return sink.text;
}

bool is_wrapped(const std::string& name) {
  return name.size() >= 2 && name.front() == '\'' && name.back() == '\'';
}

// Ragged rows come back padded, and a header in apostrophes loses them once more.
void check_round_trip(const ReadResult& read, std::string_view text, const Dialect& dialect,
                      const Limits& limits) {
  for (const std::string& line : read.log) {
    if (line.starts_with("ragged")) return;
  }
  for (const std::string& name : read.header) {
    if (is_wrapped(name)) return;
  }
  const std::string once = canonical(text, dialect, limits);
  const Dialect plain{.header_lines = std::min(dialect.header_lines, 1U)};
  // Quotes that are written twice take more room.
  const Limits wide{.max_field_bytes = 4 * limits.max_record_bytes,
                    .max_record_bytes = 8 * limits.max_record_bytes};
  const std::string twice = canonical(once, plain, wide);
  if (!twice.empty() && twice != once) __builtin_trap();
}

void check(std::string_view text, const Dialect& dialect, const Limits& limits) {
  const ReadResult careful = read_all(text, dialect, limits, Kernel::kNone);
  const ReadResult fast = read_all(text, dialect, limits, Kernel::kBest, 7);
  if (fast.log != careful.log || fast.header != careful.header) __builtin_trap();
  for (const auto& row : careful.rows) {
    if (row.size() > std::max(limits.max_columns, careful.header.size())) __builtin_trap();
    for (const std::string& cell : row) {
      if (cell.size() > limits.max_field_bytes) __builtin_trap();
    }
  }
  Limits many = limits;
  many.num_threads = 3;
  if (read_all(text, dialect, many, Kernel::kBest).log != careful.log) __builtin_trap();
  check_round_trip(careful, text, dialect, limits);
}

// Places for a line of up to 40 characters.
Dialect choose_layout(std::uint8_t choice) {
  Dialect dialect{.header_lines = 0};
  std::uint32_t start = 1;
  for (std::uint32_t i = 0; i < 3; ++i) {
    const std::uint32_t length = 1 + ((choice >> (2 * i)) & 3U) * 4;
    dialect.layout.push_back({.name = "c" + std::to_string(i), .start = start, .length = length});
    start += length + (choice >> 7);
  }
  dialect.line_length = (choice & 64) != 0 ? start - 1 : 0;
  return dialect;
}

void check_layout(std::string_view text, const Dialect& dialect, const Limits& limits) {
  const ReadResult whole = read_all(text, dialect, limits);
  const ReadResult pieces = read_all(text, dialect, limits, Kernel::kBest, 7);
  if (whole.log != pieces.log) __builtin_trap();
}

}  // namespace
}  // namespace homeroom::parse

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace homeroom::parse;
  if (size < 2) return 0;
  homeroom::Dialect dialect = choose_dialect(data[0]);
  if ((data[1] & 1) != 0) dialect.newline = homeroom::Newline::kCr;
  const Limits limits{.max_field_bytes = 64U + data[1],
                      .max_record_bytes = 512,
                      .max_columns = 20,
                      .max_cells_per_batch = 64};
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  check(text, dialect, limits);
  check_layout(text, choose_layout(data[0]), limits);
  return 0;
}
