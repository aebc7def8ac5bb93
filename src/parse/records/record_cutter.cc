#include "parse/records/record_cutter.h"

#include <algorithm>
#include <cstring>

#include "parse/records/line_ends.h"

namespace homeroom::parse {
namespace {

constexpr std::size_t kMaxOddities = 8;           // told of one record
constexpr std::array kMistakeOnLine = {0, 1, 2};  // readings in the order they are preferred
constexpr std::array kMistakeLater = {1, 0, 2};

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

}  // namespace

RecordCutter::RecordCutter(const Dialect& dialect, const Limits& limits)
    : delimiter_(dialect.delimiter),
      quote_(dialect.quote),
      has_quote_(dialect.quote != '\0'),
      has_backslash_(dialect.escape == '\\'),
      merges_blanks_(dialect.merges_blanks),
      limits_(limits) {
  is_special_['\n'] = true;
  is_special_['\r'] = true;
  if (has_quote_) is_special_[static_cast<unsigned char>(quote_)] = true;
  if (has_backslash_) is_special_['\\'] = true;
  if (!delimiter_.empty()) is_special_[static_cast<unsigned char>(delimiter_[0])] = true;
}

CutStatus RecordCutter::cut(std::string_view text, bool is_end, std::size_t expected_columns,
                            Arena& arena, Record& record) {
  text_ = text;
  is_end_ = is_end;
  is_full_ = text.size() >= limits_.max_record_bytes;
  no_closing_before_ = {};
  const Attempt& best = choose(expected_columns);
  if (best.status != CutStatus::kDone) {
    record.num_lines = count_line_ends(text_.substr(0, best.size));
    return best.status;
  }
  finish(best, arena, record);
  return CutStatus::kDone;
}

const RecordCutter::Attempt& RecordCutter::choose(std::size_t expected_columns) {
  const auto fits = [expected_columns](const Attempt& tried) {
    return tried.status == CutStatus::kDone && tried.fields.size() == expected_columns;
  };
  Attempt& first = attempts_[0];
  attempt(Reading::kInnerQuotes, first);
  if (first.status == CutStatus::kNeedMore) return first;
  if (!first.is_malformed) {
    const bool may_have_swallowed_rows = expected_columns > 0 && !fits(first) && first.has_lines;
    if (!may_have_swallowed_rows) return first;
    attempt(Reading::kLiteralQuote, attempts_[1]);
    return fits(attempts_[1]) ? attempts_[1] : first;
  }
  const auto& order = first.has_late_mistake ? kMistakeLater : kMistakeOnLine;
  for (const int index : order) {
    Attempt& tried = attempts_[static_cast<std::size_t>(index)];
    if (index != 0) attempt(static_cast<Reading>(index), tried);
    if (tried.status == CutStatus::kNeedMore || fits(tried)) return tried;
  }
  return attempts_[static_cast<std::size_t>(order[0])];
}

void RecordCutter::attempt(Reading reading, Attempt& out) {
  out.fields.clear();
  out.oddities.clear();
  out.is_malformed = false;
  out.has_late_mistake = false;
  out.has_lines = false;
  std::size_t at = 0;
  if (merges_blanks_) static_cast<void>(skip_run({}, at));
  while (true) {
    out.status = add_field(reading, at, out);
    if (out.status != CutStatus::kDone) break;
    Stop stop = stop_at(at);
    at += stop.size;
    if (merges_blanks_ && stop.ending == Ending::kDelimiter) stop = skip_run(stop, at);
    if (stop.ending == Ending::kUnknown) out.status = CutStatus::kNeedMore;
    if (stop.ending != Ending::kDelimiter) break;
    if (out.fields.size() >= limits_.max_columns) {
      out.status = CutStatus::kTooManyColumns;
      break;
    }
  }
  if (out.status == CutStatus::kNeedMore && is_full_) out.status = CutStatus::kRecordTooLong;
  out.size = at;
}

// Takes along the delimiters that follow; a run at the end of a line is the end of the line.
RecordCutter::Stop RecordCutter::skip_run(Stop stop, std::size_t& at) const {
  Stop next = stop_at(at);
  for (; next.ending == Ending::kDelimiter; next = stop_at(at)) at += next.size;
  if (next.ending == Ending::kNone) return stop;
  if (stop.ending == Ending::kDelimiter) at += next.size;
  return next;
}

CutStatus RecordCutter::add_field(Reading reading, std::size_t& at, Attempt& out) {
  if (has_quote_ && at < text_.size() && text_[at] == quote_) {
    return add_quoted(reading, at, out);
  }
  if (!has_quote_ || at >= text_.size() || text_[at] != ' ') return add_plain(at, out);
  // Blanks may stand before an opening quote, when it closes on its line.
  std::size_t quote = end_of_blanks(at);
  if (quote >= text_.size() || text_[quote] != quote_) return add_plain(at, out);
  const Closing closing = find_closing_on_line(quote + 1, Behind::kBlanks);
  if (closing.kind == Closing::Kind::kNeedMore) return CutStatus::kNeedMore;
  if (closing.kind != Closing::Kind::kClosed) return add_plain(at, out);
  at = quote;
  return add_quoted(reading, at, out);
}

CutStatus RecordCutter::add_quoted(Reading reading, std::size_t& at, Attempt& out) {
  const std::size_t begin = at + 1;
  const Closing closing = find_closing(begin);
  switch (closing.kind) {
    case Closing::Kind::kNeedMore:
      return CutStatus::kNeedMore;
    case Closing::Kind::kUnclosed:
      note(Oddity::kUnclosedQuote, at, out);
      out.is_malformed = true;
      return add_plain(at, out);
    case Closing::Kind::kTextAfter:
      return add_after_mistake(reading, closing, at, out);
    case Closing::Kind::kClosed:
      break;
  }
  const std::string_view inside = text_.substr(begin, closing.at - begin);
  const bool has_lines = has_line_end(inside);
  if (has_lines && reading == Reading::kLiteralQuote) {
    note(Oddity::kUnclosedQuote, at, out);
    return add_plain(at, out);
  }
  out.has_lines = out.has_lines || has_lines;
  out.fields.push_back({.begin = begin,
                        .end = closing.at,
                        .kind = FieldKind::kQuoted,
                        .has_escapes = closing.has_escapes});
  at = closing.next;
  return CutStatus::kDone;
}

CutStatus RecordCutter::add_after_mistake(Reading reading, const Closing& closing, std::size_t& at,
                                          Attempt& out) {
  const std::size_t begin = at + 1;
  out.is_malformed = true;
  const bool is_late = has_line_end(text_.substr(begin, closing.at - begin));
  out.has_late_mistake = out.has_late_mistake || is_late;
  if (reading == Reading::kInnerQuotes) {
    const Closing real = find_closing_on_line(closing.next, Behind::kNothing);
    if (real.kind == Closing::Kind::kNeedMore) return CutStatus::kNeedMore;
    if (real.kind == Closing::Kind::kClosed) {
      if (real.at - begin > limits_.max_field_bytes) return CutStatus::kFieldTooLong;
      note(Oddity::kTextAfterQuote, at, out);
      out.fields.push_back(
          {.begin = begin, .end = real.at, .kind = FieldKind::kQuoted, .has_escapes = true});
      at = real.next;
      return CutStatus::kDone;
    }
  }
  note(is_late ? Oddity::kUnclosedQuote : Oddity::kTextAfterQuote, at, out);
  if (reading != Reading::kJoined || is_late) return add_plain(at, out);
  const std::size_t num_oddities = out.oddities.size();
  at = closing.next;
  const CutStatus status = add_plain(at, out);
  out.oddities.resize(std::min(num_oddities, out.oddities.size()));
  if (status != CutStatus::kDone) return status;
  Field& field = out.fields.back();
  if (field.end - begin > limits_.max_field_bytes) return CutStatus::kFieldTooLong;
  field = {.begin = begin,
           .end = field.end,
           .close = closing.at,
           .kind = FieldKind::kJoined,
           .has_escapes = true};
  return status;
}

CutStatus RecordCutter::add_plain(std::size_t& at, Attempt& out) {
  const std::size_t begin = at;
  bool has_escapes = false;
  // The opening quote of a field that is read literally was noted already.
  bool is_noted = at < text_.size() && has_quote_ && text_[at] == quote_;
  for (;; ++at) {
    while (at < text_.size() && !is_special_[static_cast<unsigned char>(text_[at])]) ++at;
    if (at - begin > limits_.max_field_bytes) {
      at = begin;
      return CutStatus::kFieldTooLong;
    }
    const Stop stop = stop_at(at);
    if (stop.ending == Ending::kUnknown) return CutStatus::kNeedMore;
    if (stop.ending != Ending::kNone) break;
    if (has_backslash_ && text_[at] == '\\') {
      const std::size_t size = escape_size(at);
      if (at + size >= text_.size() && !is_end_) return CutStatus::kNeedMore;
      has_escapes = true;
      at += size - 1;
    } else if (has_quote_ && text_[at] == quote_ && !is_noted) {
      note(Oddity::kStrayQuote, at, out);
      is_noted = true;
    }
  }
  out.fields.push_back({.begin = begin, .end = at, .has_escapes = has_escapes});
  return CutStatus::kDone;
}

// A backslash takes the byte after it along, and both bytes of CR LF.
std::size_t RecordCutter::escape_size(std::size_t at) const {
  if (at + 1 >= text_.size()) return 1;
  const bool is_crlf = text_[at + 1] == '\r' && at + 2 < text_.size() && text_[at + 2] == '\n';
  return is_crlf ? 3 : 2;
}

RecordCutter::Stop RecordCutter::stop_at(std::size_t at) const {
  if (at >= text_.size()) return {.ending = is_end_ ? Ending::kTextEnd : Ending::kUnknown};
  const char c = text_[at];
  if (c == '\n') return {.ending = Ending::kLineEnd, .size = 1};
  if (c == '\r') {
    if (at + 1 == text_.size()) {
      return is_end_ ? Stop{.ending = Ending::kLineEnd, .size = 1}
                     : Stop{.ending = Ending::kUnknown};
    }
    return {.ending = Ending::kLineEnd, .size = text_[at + 1] == '\n' ? 2U : 1U};
  }
  if (delimiter_.empty() || c != delimiter_[0]) return {};
  const std::string_view ahead = text_.substr(at, delimiter_.size());
  if (ahead == delimiter_) return {.ending = Ending::kDelimiter, .size = delimiter_.size()};
  const bool is_cut = ahead.size() < delimiter_.size() && delimiter_.starts_with(ahead);
  return {.ending = is_cut && !is_end_ ? Ending::kUnknown : Ending::kNone};
}

std::size_t RecordCutter::end_of_blanks(std::size_t at) const {
  while (at < text_.size() && is_blank(text_[at]) && stop_at(at).ending == Ending::kNone) ++at;
  return at;
}

RecordCutter::Closing RecordCutter::find_closing(std::size_t from) const {
  using Kind = Closing::Kind;
  const Kind at_text_end = is_end_ || is_full_ ? Kind::kUnclosed : Kind::kNeedMore;
  bool has_escapes = false;
  std::size_t at = from;
  while (true) {
    at = next_quote_or_escape(at);
    if (at - from > limits_.max_field_bytes) return {.kind = Kind::kUnclosed};
    if (at >= text_.size()) return {.kind = at_text_end};
    if (has_backslash_ && text_[at] == '\\') {
      has_escapes = true;
      at += escape_size(at);
      continue;
    }
    if (at + 1 < text_.size() && text_[at + 1] == quote_) {
      has_escapes = true;
      at += 2;
      continue;
    }
    const std::size_t next = end_of_blanks(at + 1);
    const Ending ending = stop_at(next).ending;
    if (ending == Ending::kUnknown) return {.kind = at_text_end};
    return {.kind = ending == Ending::kNone ? Kind::kTextAfter : Kind::kClosed,
            .at = at,
            .next = ending == Ending::kNone ? at + 1 : next,
            .has_escapes = has_escapes};
  }
}

std::size_t RecordCutter::next_quote_or_escape(std::size_t from) const {
  if (from >= text_.size()) return text_.size();
  const char* begin = text_.data() + from;
  const std::size_t size = text_.size() - from;
  const auto* quote = static_cast<const char*>(std::memchr(begin, quote_, size));
  const std::size_t before = quote == nullptr ? size : static_cast<std::size_t>(quote - begin);
  if (!has_backslash_) return from + before;
  const auto* escape = static_cast<const char*>(std::memchr(begin, '\\', before));
  return from + (escape == nullptr ? before : static_cast<std::size_t>(escape - begin));
}

RecordCutter::Closing RecordCutter::find_closing_on_line(std::size_t from, Behind behind) {
  using Kind = Closing::Kind;
  std::size_t& no_closing_before = no_closing_before_[static_cast<std::size_t>(behind)];
  if (from < no_closing_before) return {.kind = Kind::kUnclosed};
  const auto closes = [this, behind](std::size_t after) {
    const std::size_t end = behind == Behind::kBlanks ? end_of_blanks(after) : after;
    const Ending ending = stop_at(end).ending;
    return ending != Ending::kNone && ending != Ending::kUnknown;
  };
  std::size_t at = from;
  for (; at < text_.size() && !is_line_end(text_[at]); ++at) {
    if (has_backslash_ && text_[at] == '\\') {
      at += escape_size(at) - 1;
      continue;
    }
    if (text_[at] != quote_) continue;
    if (closes(at + 1)) return {.kind = Kind::kClosed, .at = at, .next = at + 1};
    const bool is_doubled = at + 1 < text_.size() && text_[at + 1] == quote_;
    if (!is_doubled) continue;
    if (closes(at + 2)) return {.kind = Kind::kClosed, .at = at + 1, .next = at + 2};
    ++at;
  }
  if (at >= text_.size() && !is_end_ && !is_full_) return {.kind = Kind::kNeedMore};
  no_closing_before = at;
  return {.kind = Kind::kUnclosed};
}

void RecordCutter::note(Oddity oddity, std::size_t at, Attempt& out) const {
  if (out.oddities.size() >= kMaxOddities) return;
  out.oddities.push_back(
      {.oddity = oddity, .field = static_cast<std::uint32_t>(out.fields.size() + 1), .offset = at});
}

void RecordCutter::finish(const Attempt& attempt, Arena& arena, Record& record) const {
  const std::string_view bytes = text_.substr(0, attempt.size);
  record.size = attempt.size;
  record.num_lines = count_line_ends(bytes);
  record.oddities = attempt.oddities;
  if (std::memchr(bytes.data(), '\0', bytes.size()) != nullptr) {
    record.oddities.push_back({.oddity = Oddity::kNulByte, .field = 0, .offset = bytes.find('\0')});
  }
  for (OddField& odd : record.oddities) {
    odd.line_offset = static_cast<std::uint32_t>(count_line_ends(bytes.substr(0, odd.offset)));
  }
  record.cells.clear();
  for (const Field& field : attempt.fields) record.cells.push_back(to_cell(field, arena));
}

Cell RecordCutter::to_cell(const Field& field, Arena& arena) const {
  const std::size_t size = field.end - field.begin;
  Cell cell{.data = text_.data() + field.begin,
            .size = static_cast<std::uint32_t>(size),
            .is_quoted = field.kind != FieldKind::kPlain};
  if (!field.has_escapes) return cell;
  char* bytes = arena.allocate(size);
  std::size_t used = 0;
  if (field.kind == FieldKind::kJoined) {
    used = undo_escapes(field.begin, field.close, true, bytes);
    used += undo_escapes(field.close + 1, field.end, false, bytes + used);
  } else {
    used = undo_escapes(field.begin, field.end, field.kind == FieldKind::kQuoted, bytes);
  }
  arena.shrink_last(size, used);
  cell.data = bytes;
  cell.size = static_cast<std::uint32_t>(used);
  return cell;
}

std::size_t RecordCutter::undo_escapes(std::size_t begin, std::size_t end, bool is_quoted,
                                       char* out) const {
  const char* const start = out;
  for (std::size_t at = begin; at < end; ++at) {
    const bool has_next = at + 1 < end;
    const bool is_doubled = is_quoted && has_next && text_[at] == quote_ && text_[at + 1] == quote_;
    const bool is_escape =
        has_backslash_ && has_next && text_[at] == '\\' &&
        (text_[at + 1] == '\\' || is_special_[static_cast<unsigned char>(text_[at + 1])]);
    if (is_doubled || is_escape) ++at;
    *out++ = text_[at];
  }
  return static_cast<std::size_t>(out - start);
}

}  // namespace homeroom::parse
