// Property: any bytes in any dialect are read without a crash, within the limits, and the same by
// every kernel; what is written as canonical CSV comes back as it was written.

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
  const std::string once = canonical(text, dialect, limits);
  const Dialect plain{.header_lines = dialect.header_lines};
  if (canonical(once, plain, limits).size() > once.size()) __builtin_trap();
}

}  // namespace
}  // namespace homeroom::parse

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace homeroom::parse;
  if (size < 2) return 0;
  const homeroom::Dialect dialect = choose_dialect(data[0]);
  const Limits limits{.max_field_bytes = 64U + data[1],
                      .max_record_bytes = 512,
                      .max_columns = 20,
                      .max_cells_per_batch = 64};
  check({reinterpret_cast<const char*>(data) + 2, size - 2}, dialect, limits);
  return 0;
}
