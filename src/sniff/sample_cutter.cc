#include "sniff/sample_cutter.h"

#include <algorithm>

namespace homeroom::sniff {
namespace {

bool is_line_end(char c) {
  return c == '\n' || c == '\r';
}

std::size_t count_lines(std::string_view text) {
  if (text.find('\r') == std::string_view::npos) {
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
  }
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_lone_cr = text[at] == '\r' && (at + 1 == text.size() || text[at + 1] != '\n');
    count += text[at] == '\n' || is_lone_cr ? 1 : 0;
  }
  return count;
}

}  // namespace

bool SampleRow::is_blank() const {
  return cells.size() == 1 && cells[0].form == CellForm::kPlain &&
         cells[0].text.find_first_not_of(" \t") == std::string_view::npos;
}

SampleCutter::SampleCutter(std::string_view text, const Supposed& supposed)
    : text_(text), supposed_(supposed) {
  is_special_['\n'] = true;
  is_special_['\r'] = true;
  if (supposed.has_backslash) is_special_['\\'] = true;
  if (!supposed.delimiter.empty()) {
    is_special_[static_cast<unsigned char>(supposed.delimiter[0])] = true;
  }
}

bool SampleCutter::next(SampleRow& row, std::size_t expected_width) {
  if (at_ >= text_.size()) return false;
  const std::size_t begin = at_;
  row.line = line_;
  cut_row(row);
  const auto is_torn = [](const SampleCell& cell) { return cell.form == CellForm::kTorn; };
  if (expected_width > 0 && row.cells.size() != expected_width &&
      std::ranges::any_of(row.cells, is_torn)) {
    const std::size_t forgiving_width = row.cells.size();
    for (const bool is_literal : {true, false}) {
      is_literal_ = is_literal;
      at_ = begin;
      cut_row(row);
      if (row.cells.size() == expected_width || row.cells.size() == forgiving_width) break;
    }
    is_literal_ = false;
  }
  if (at_ < text_.size()) {
    const bool is_crlf = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
    at_ += is_crlf ? 2 : 1;
  }
  row.num_lines = std::max<std::size_t>(count_lines(text_.substr(begin, at_ - begin)), 1);
  line_ += row.num_lines;
  return true;
}

void SampleCutter::cut_row(SampleRow& row) {
  row.cells.clear();
  row.is_cut = false;
  skip_run();
  while (true) {
    add_cell(row);
    if (!starts_delimiter(at_)) return;
    at_ += supposed_.delimiter.size();
    skip_run();
    if (supposed_.merges_blanks && (at_ >= text_.size() || is_line_end(text_[at_]))) return;
  }
}

void SampleCutter::skip_run() {
  while (supposed_.merges_blanks && starts_delimiter(at_)) at_ += supposed_.delimiter.size();
}

// Where the quote stands that opens the cell; blanks may come before it. npos: there is none.
std::size_t SampleCutter::opening_quote() const {
  if (supposed_.quote == '\0') return std::string_view::npos;
  const std::size_t at = end_of_blanks(at_);
  return at < text_.size() && text_[at] == supposed_.quote ? at : std::string_view::npos;
}

void SampleCutter::add_cell(SampleRow& row) {
  const std::size_t begin = at_;
  const std::size_t quote = opening_quote();
  if (quote == std::string_view::npos) {
    add_plain(row, CellForm::kPlain);
    return;
  }
  at_ = quote;
  const bool is_closed = add_quoted(row);
  if (is_closed && (quote == begin || row.cells.back().form == CellForm::kQuoted)) {
    row.cells.back().has_blank_before = quote > begin;
    return;
  }
  if (is_closed) row.cells.pop_back();
  at_ = begin;
  add_plain(row, quote == begin ? CellForm::kTorn : CellForm::kPlain);
}

// A quote inside that nothing follows but more text belongs to the value, on the opening line.
bool SampleCutter::add_quoted(SampleRow& row) {
  const std::size_t begin = at_ + 1;
  bool is_torn = false;
  for (std::size_t at = begin; at < text_.size(); ++at) {
    const char c = text_[at];
    if (is_torn && is_line_end(c)) return false;
    if (supposed_.has_backslash && c == '\\') {
      ++at;
      continue;
    }
    if (c != supposed_.quote) continue;
    if (const std::size_t next = end_of_blanks(at + 1); ends_cell(next)) {
      row.cells.push_back({.text = text_.substr(begin, at - begin),
                           .form = is_torn ? CellForm::kTorn : CellForm::kQuoted,
                           .has_blank_after = next > at + 1});
      at_ = next;
      return true;
    }
    if (at + 1 < text_.size() && text_[at + 1] == supposed_.quote) {
      ++at;
      continue;
    }
    is_torn = true;
    if (is_literal_) return false;
    if (text_.substr(begin, at - begin).find_first_of("\r\n") != std::string_view::npos) {
      return false;
    }
  }
  row.is_cut = true;
  return false;
}

void SampleCutter::add_plain(SampleRow& row, CellForm form) {
  const std::size_t begin = at_;
  for (; at_ < text_.size(); ++at_) {
    if (!is_special_[static_cast<unsigned char>(text_[at_])]) continue;
    if (is_line_end(text_[at_]) || starts_delimiter(at_)) break;
    if (supposed_.has_backslash && text_[at_] == '\\' && at_ + 1 < text_.size() &&
        !is_line_end(text_[at_ + 1])) {
      ++at_;
    }
  }
  row.cells.push_back({.text = text_.substr(begin, at_ - begin), .form = form});
}

std::size_t SampleCutter::end_of_blanks(std::size_t at) const {
  while (at < text_.size() && text_[at] == ' ' && !starts_delimiter(at)) ++at;
  return at;
}

bool SampleCutter::ends_cell(std::size_t at) const {
  return at >= text_.size() || is_line_end(text_[at]) || starts_delimiter(at);
}

bool SampleCutter::starts_delimiter(std::size_t at) const {
  return !supposed_.delimiter.empty() &&
         text_.substr(std::min(at, text_.size())).starts_with(supposed_.delimiter);
}

}  // namespace homeroom::sniff
