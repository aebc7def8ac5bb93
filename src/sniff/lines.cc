#include "sniff/lines.h"

#include <map>

#include "base/text.h"
#include "sniff/sample_cutter.h"

namespace homeroom::sniff {

LineEnds count_line_ends(std::string_view text) {
  LineEnds ends;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_cr = text[at] == '\r';
    const bool is_crlf = is_cr && at + 1 < text.size() && text[at + 1] == '\n';
    ends.num_crlf += is_crlf ? 1 : 0;
    ends.num_cr += is_cr && !is_crlf ? 1 : 0;
    ends.num_lf += text[at] == '\n' && (at == 0 || text[at - 1] != '\r') ? 1 : 0;
  }
  return ends;
}

LineLengths measure_lines(std::string_view text, std::size_t skipped) {
  std::map<std::size_t, std::size_t> lines_of_length;
  LineLengths lengths;
  SampleCutter cutter(text, {.delimiter = {}});
  SampleRow row;
  while (cutter.next(row)) {
    if (row.line < skipped || row.is_blank()) continue;
    ++lengths.num_lines;
    ++lines_of_length[count_characters(row.cells[0].text)];
  }
  for (const auto& [length, number] : lines_of_length) {
    if (number < lengths.num_usual) continue;
    lengths.usual = length;
    lengths.num_usual = number;
  }
  return lengths;
}

}  // namespace homeroom::sniff
