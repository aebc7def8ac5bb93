#pragma once

// What a data set must look like: the Open Data Contract Standard 3.1, with what it lacks in
// `customProperties` named `homeroom.*`. docs/reference/contracts.md lists them.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/embedded_file.h"
#include "base/result.h"
#include "contract/load_checks.h"
#include "contract/quality/quality.h"
#include "table/dialect.h"
#include "table/reference.h"
#include "table/schema.h"

namespace homeroom::contract {

/// What a column's values mean; decides the rules that clean it and the type it is stored as.
enum class Kind : std::uint8_t {
  kText,
  kIdentifier,  ///< text that is never read as a number; leading zeros are kept
  kInteger,
  kDecimal,
  kPercent,  ///< 0 to 100; "92%", or 0.92 where no value of the column is above 1
  kDate,
  kTime,  ///< stored as text HH:MM:SS
  kTimestamp,
  kBoolean,
  kSchoolYear,   ///< the year it ends in
  kEnumeration,  ///< a code of `enumeration`
  kMark,         ///< a course mark as given
  kPersonName,   ///< a name or a part of one, as it is written
  kEmail,
  kPhone,     ///< with or without area code, country and extension, as it is written
  kPostcode,  ///< ZIP or ZIP+4, or one of Canada
};

[[nodiscard]] std::string_view to_string(Kind kind);
[[nodiscard]] SqlType sql_type_of(Kind kind);
/// The standard's logicalType: "string", "integer".
[[nodiscard]] std::string_view logical_type_of(Kind kind);
/// The kind of that name, as homeroom.kind states it.
[[nodiscard]] std::optional<Kind> find_kind(std::string_view name);

struct EnumerationValue {
  std::string code;
  std::string label;
  std::vector<std::string> spellings;  ///< as seen in files; the code and label count too
};

/// A list of codes with the spellings that mean them.
struct Enumeration {
  std::string name;
  std::vector<EnumerationValue> values;
  /// Folded spelling (lower case, blanks collapsed) -> index in `values`. A spelling that two
  /// codes claim is in neither.
  std::unordered_map<std::string, std::uint32_t> by_spelling;
};

/// A column of a data set.
struct Column {
  std::string name;
  std::string description;
  std::string why;  ///< shown with every issue the column causes; may be empty
  Kind kind = Kind::kText;
  /// Owned by the ContractSet. For kEnumeration: a value is one of its codes. For kText an open
  /// list: spellings it knows become their code, any other text stays as it is.
  const Enumeration* enumeration = nullptr;
  std::string list_name = {};  ///< of `enumeration`; empty: none
  std::size_t list_line = 0;   ///< where it was stated, in `file`
  bool is_required = false;
  bool is_suppressible = false;
  bool school_year_is_start = false;    ///< a lone year is the one the school year begins in
  std::vector<std::string> units = {};  ///< written with its numbers: "oz", "%", "$"
  std::string classification;           ///< "public", "confidential", "restricted"
  std::vector<std::string> synonyms;    ///< headers as seen in real exports, the surest first
  std::string synonyms_from = {};  ///< "students.student_id": has the synonyms of that column too
  /// Headers that may mean the column where the rest of the file says what it is; no evidence.
  std::vector<std::string> weak_synonyms = {};
  std::vector<std::string> not_synonyms = {};  ///< taken out, also of `synonyms_from`
  std::vector<std::string> clean;              ///< rules beyond those of its kind
  std::optional<std::string> minimum;          ///< decimal text or ISO date
  std::optional<std::string> maximum;
  std::optional<std::string> above = {};  ///< exclusiveMinimum, in the same form
  std::optional<std::string> below = {};  ///< exclusiveMaximum
  std::optional<std::string> multiple_of = {};
  std::string format = {};      ///< of the standard: "email", "uuid", "dd/MM/yyyy"; empty: none
  bool is_unique = false;       ///< no value stands in two rows of a file
  bool is_partitioned = false;  ///< the table has a part for each of its values
  std::optional<std::string> pattern;  ///< ECMAScript regular expression, whole value
  std::optional<std::size_t> min_length;
  std::optional<std::size_t> max_length;
  /// For files without the column. "{file}": the file's name as a table's; "{name}": the code of
  /// `enumeration` that the file's or folder's name spells.
  std::optional<std::string> default_value;
  std::vector<std::string> default_from = {};  ///< columns that stand in where it has no value
  std::vector<std::string> made_from = {};  ///< columns whose values make an id where there is none
  /// Column and part that it is taken from where the file gives only the whole: full_name, first.
  std::vector<std::string> part_of = {};
  std::string file;  ///< where it was declared, for messages
  std::size_t line = 0;
  /// A district took it out of the data set: no header means it. Its table keeps the column, empty,
  /// since views read it.
  bool is_removed = false;

  [[nodiscard]] SqlType sql_type() const { return sql_type_of(kind); }
};

enum class WriteMode : std::uint8_t {
  kUpsert,    ///< by natural key; rows missing from the file stay
  kReplace,   ///< the slot's rows are replaced by the file's (tables of their own)
  kSnapshot,  ///< by natural key; rows of the file's scope that it lacks are closed
};

/// What becomes of columns that the contract does not know.
enum class ExtraColumns : std::uint8_t {
  kAdd,     ///< become columns of the table, as text or as inferred
  kKeep,    ///< go into `more_columns`, one JSON object by header
  kIgnore,  ///< stay in the raw file only
};

/// How a wide file of scores becomes long rows: headers made of dimension words and a measure
/// ("Fall Math RIT" = window BOY, subject math, measure scale_score), or repeated by number
/// ("Exam Code 01", "Exam Grade 01").
struct Unpivot {
  std::vector<std::string> dimensions;  ///< names of enumeration columns: subject, window
  std::vector<std::string> measures;    ///< names of the columns the scores go to
  std::vector<std::string> besides;     ///< what a group may have besides: its date, its test
};

/// How the files of one name are written, where a contract says so.
struct NamedFiles {
  std::string pattern;  ///< of the file's name, with * and ?; with a slash: folder and name
  GivenDialect given;
};

/// A data set.
struct Contract {
  std::string name;  ///< "attendance_daily", also the table's name
  std::string version;
  std::string title;
  std::string description;
  std::string grain;
  std::vector<Column> columns;
  std::vector<Column> removed = {};  ///< columns that a district took out
  std::vector<std::string> key;
  /// Columns of which each row must have at least one (student_id or state_student_id).
  std::vector<std::string> any_of;
  /// Groups of columns; a file is this data set only when it has one column of each group.
  std::vector<std::vector<std::string>> match_needs = {};
  /// "students" or "students.first_name": what files of this data set often repeat of others.
  std::vector<std::string> carries = {};
  /// The same form: a file with such a column that this data set has no place for is another one.
  std::vector<std::string> excludes = {};
  double min_known_fraction = 0.5;  ///< of a file's columns, below which it is not this data set
  WriteMode write_mode = WriteMode::kUpsert;
  ExtraColumns extra_columns = ExtraColumns::kAdd;
  std::vector<NamedFiles> files = {};   ///< those that are this data set by their name
  std::vector<std::string> name_hints;  ///< words of file and folder names: "attendance", "att"
  std::vector<std::string> school_year_from;  ///< date columns to derive school_year from, in order
  std::vector<std::string> scope;      ///< columns whose values name the slot: date, school_id
  double min_snapshot_fraction = 0.7;  ///< of the rows that stand there; fewer hold a snapshot
  /// First and last day on which a row is true: entry_date, exit_date; empty: rows say no such
  /// days.
  std::vector<std::string> true_period = {};
  std::optional<Unpivot> unpivot;
  std::vector<Quality> quality = {};       ///< checks of the data set and of its columns
  std::vector<Reference> references = {};  ///< rows of other data sets that its rows speak of
  LoadChecks load_checks = {};
  double max_bad_fraction = 0.5;  ///< above it the file is held
  std::string file;               ///< for messages: "contracts/attendance_daily.odcs.yaml"
  std::string text_hash;          ///< first 8 hex digits over everything it was made from

  /// Index of the column, or -1.
  [[nodiscard]] int find(std::string_view column) const;
};

class HeaderIndex;

/// All contracts in force: those shipped in the program, overridden part by part by those of a
/// district's own folder. Immutable once made; may be shared by threads.
class ContractSet {
 public:
  /// Reads the shipped contracts, then every *.odcs.yaml and enumerations*.yaml of `folder` (may
  /// be empty: none). A district's file with the name of a shipped data set overrides the parts
  /// it states (columns by name, properties by name); another name adds a data set.
  /// Errors: kConfig naming file and line, for YAML that is not a contract, for an unknown kind,
  /// rule-free typo in a homeroom.* property, a key column that does not exist.
  [[nodiscard]] static Result<ContractSet> load(const std::string& folder);
  /// The same from texts, for tests and for overrides that are not files.
  [[nodiscard]] static Result<ContractSet> from_files(std::span<const EmbeddedFile> files);

  [[nodiscard]] std::span<const Contract> contracts() const { return contracts_; }

  [[nodiscard]] const Contract* find(std::string_view name) const;
  [[nodiscard]] const Enumeration* find_enumeration(std::string_view name) const;

  /// 8 hex digits over everything loaded: part of what makes a run repeatable.
  [[nodiscard]] const std::string& hash() const { return hash_; }

  /// Which header means which column of which data set (contract/header_index.h).
  [[nodiscard]] const HeaderIndex& headers() const { return *headers_; }

 private:
  std::vector<Contract> contracts_;
  std::map<std::string, std::unique_ptr<Enumeration>, std::less<>> enumerations_;
  std::shared_ptr<const HeaderIndex> headers_;  ///< owned by the set alone
  std::string hash_;
};

/// The contracts compiled into the program (contracts/ of the repository).
[[nodiscard]] std::span<const EmbeddedFile> shipped_contracts();

/// Lower case, outer blanks dropped, inner blanks collapsed: how spellings are compared.
/// Appends to `out` (cleared first) so that a caller can reuse its memory.
void fold_spelling(std::string_view text, std::string& out);

}  // namespace homeroom::contract
