#include "sniff/plain_text.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/text.h"

namespace homeroom::sniff {
namespace {

constexpr std::size_t kMaxLines = 500;
constexpr std::size_t kMaxListWords = 12;  // a longer line is a sentence
constexpr std::size_t kMinFixedWidth = 30;

std::vector<std::string_view> filled_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < kMaxLines) {
    const std::size_t end = std::min(text.size(), text.find_first_of("\r\n"));
    if (!trim(text.substr(0, end)).empty()) lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return lines;
}

std::size_t count_words(std::string_view line) {
  std::size_t words = 0;
  bool is_in_word = false;
  for (const char c : line) {
    const bool is_blank = c == ' ' || c == '\t';
    words += !is_blank && !is_in_word ? 1 : 0;
    is_in_word = !is_blank;
  }
  return words;
}

bool is_sentence(std::string_view line) {
  line = trim(line);
  const std::size_t words = count_words(line);
  if (words > kMaxListWords) return true;
  const char last = line.back();
  const bool is_heading = line.starts_with("# ") || line.starts_with("## ");
  return is_heading || (words >= 4 && (last == '.' || last == '!' || last == '?' || last == ':'));
}

// Fields that are told apart by where they stand: lines of one length, with gaps in them.
bool is_fixed_width(const std::vector<std::string_view>& lines) {
  if (lines.size() < 2 || lines[0].size() < kMinFixedWidth) return false;
  const auto num_equal = std::ranges::count_if(
      lines, [&](std::string_view line) { return line.size() == lines[0].size(); });
  const auto num_gaps = std::ranges::count_if(
      lines, [](std::string_view line) { return trim(line).find("   ") != line.npos; });
  const auto most = static_cast<std::ptrdiff_t>(lines.size() - lines.size() / 10);
  return num_equal >= most && num_gaps >= most;
}

}  // namespace

Status refuse_fixed_width(std::string_view text) {
  if (!is_fixed_width(filled_lines(text))) return {};
  return fail(ErrorCode::kInvalidInput,
              "the file is fixed-width text without delimiters, not a CSV table",
              "describe where each field starts in the layout of its contract, or export the "
              "data as CSV");
}

Status refuse_prose(std::string_view text) {
  const std::vector<std::string_view> lines = filled_lines(text);
  const auto num_sentences = std::ranges::count_if(lines, is_sentence);
  if (static_cast<std::size_t>(num_sentences) * 4 < lines.size() + 3) return {};
  return fail(ErrorCode::kInvalidInput, "the file is text, but not a table",
              "send the table itself, as CSV; if this is one, name its delimiter");
}

}  // namespace homeroom::sniff
