#pragma once

// The careful way to cut a record: byte by byte, any dialect, any mistake. The structural scan
// (structural_scan.h) hands it every record that is not plain; both give the same cells.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "parse/batch_reader.h"
#include "table/cell.h"
#include "table/dialect.h"

namespace homeroom::parse {

/// What was odd about a record.
enum class Oddity : std::uint8_t {
  kStrayQuote,      ///< a quote inside an unquoted field
  kTextAfterQuote,  ///< text between a closing quote and the next delimiter
  kUnclosedQuote,   ///< a quote that opens a field and is never closed
  kNulByte,
};

struct OddField {
  Oddity oddity = Oddity::kStrayQuote;
  std::uint32_t field = 0;        ///< from 1; 0: the whole record
  std::size_t offset = 0;         ///< bytes after the record's first
  std::uint32_t line_offset = 0;  ///< physical lines after the record's first
};

/// A record as it was cut. Reused: its memory stays.
struct Record {
  std::vector<Cell> cells;
  std::vector<OddField> oddities;
  std::size_t size = 0;       ///< bytes, line end included
  std::size_t num_lines = 0;  ///< line ends in them
};

enum class CutStatus : std::uint8_t {
  kDone,
  kNeedMore,        ///< the record goes on past the end of the text
  kFieldTooLong,    ///< a field is longer than its limit
  kRecordTooLong,   ///< so is the record
  kTooManyColumns,  ///< so is the row
};

/// Cuts one record after the other. Not shared by threads.
///
/// A quote opens a field only at the field's start, or after blanks when it closes on its line.
/// Where quotes do not add up (text after a closing quote, a quote never closed, a field over
/// several lines in a row of the wrong width) there are up to three readings: inner quotes belong
/// to the value, the first quote does, or what follows the closing quote does. The first reading
/// that gives the expected width wins.
class RecordCutter {
 public:
  RecordCutter(const Dialect& dialect, const Limits& limits);

  /// Cuts the record that starts at the first byte of `text` (not empty); `is_end`: nothing
  /// follows `text`. `expected_columns` 0: not known yet. Cells point into `text` and `arena`.
  [[nodiscard]] CutStatus cut(std::string_view text, bool is_end, std::size_t expected_columns,
                              Arena& arena, Record& record);

 private:
  enum class Reading : std::uint8_t { kInnerQuotes, kLiteralQuote, kJoined };
  enum class Ending : std::uint8_t { kNone, kDelimiter, kLineEnd, kTextEnd, kUnknown };
  enum class FieldKind : std::uint8_t { kPlain, kQuoted, kJoined };

  // A field before its escapes are undone; offsets into the text.
  struct Field {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t close = 0;  ///< of kJoined: where its closing quote stands
    FieldKind kind = FieldKind::kPlain;
    bool has_escapes = false;
  };

  // What stands at an offset: which end of field, and how many bytes it takes.
  struct Stop {
    Ending ending = Ending::kNone;
    std::size_t size = 0;
  };

  // What may stand between a closing quote and the end of its field.
  enum class Behind : std::uint8_t { kNothing, kBlanks };

  // Where the search for a closing quote ended.
  struct Closing {
    enum class Kind : std::uint8_t { kClosed, kTextAfter, kUnclosed, kNeedMore };
    Kind kind = Kind::kUnclosed;
    std::size_t at = 0;    ///< of the quote
    std::size_t next = 0;  ///< where the delimiter, line end or text after it starts
    bool has_escapes = false;
  };

  // One reading of the record.
  struct Attempt {
    std::vector<Field> fields;
    std::vector<OddField> oddities;
    std::size_t size = 0;
    CutStatus status = CutStatus::kDone;
    bool is_malformed = false;
    bool has_late_mistake = false;  ///< text after a quote on a later line than its opening one
    bool has_lines = false;         ///< a quoted field holds a line end
  };

  void attempt(Reading reading, Attempt& out);
  CutStatus add_field(Reading reading, std::size_t& at, Attempt& out);
  CutStatus add_quoted(Reading reading, std::size_t& at, Attempt& out);
  CutStatus add_plain(std::size_t& at, Attempt& out);
  CutStatus add_after_mistake(Reading reading, const Closing& closing, std::size_t& at,
                              Attempt& out);
  [[nodiscard]] Stop stop_at(std::size_t at) const;
  [[nodiscard]] Closing find_closing(std::size_t from) const;
  [[nodiscard]] Closing find_closing_on_line(std::size_t from, Behind behind);
  [[nodiscard]] std::size_t next_quote_or_escape(std::size_t from) const;
  [[nodiscard]] Stop skip_run(Stop stop, std::size_t& at) const;
  [[nodiscard]] std::size_t end_of_blanks(std::size_t at) const;
  [[nodiscard]] std::size_t escape_size(std::size_t at) const;
  void note(Oddity oddity, std::size_t at, Attempt& out) const;
  [[nodiscard]] const Attempt& choose(std::size_t expected_columns);
  void finish(const Attempt& attempt, Arena& arena, Record& record) const;
  [[nodiscard]] Cell to_cell(const Field& field, Arena& arena) const;
  std::size_t undo_escapes(std::size_t begin, std::size_t end, bool is_quoted, char* out) const;

  std::string delimiter_;
  char quote_;
  bool has_quote_;
  bool has_backslash_;
  bool merges_blanks_;
  Limits limits_;
  std::array<bool, 256> is_special_{};  ///< bytes that an unquoted field looks at twice

  std::string_view text_;
  bool is_end_ = false;
  bool is_full_ = false;                            ///< `text_` will not grow any more
  std::array<std::size_t, 2> no_closing_before_{};  ///< by Behind: on_line() fails up to here
  std::array<Attempt, 3> attempts_;                 ///< by Reading
};

}  // namespace homeroom::parse
