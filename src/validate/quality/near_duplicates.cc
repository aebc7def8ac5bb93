#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "validate/group_ledger.h"
#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

// Letters and digits without case, accents and marks, which people leave out; of other alphabets
// the text itself.
std::string folded_word(std::string_view text) {
  std::string word = fold_name(text);
  std::erase(word, '_');
  return word.empty() ? to_lower(text) : word;
}

bool is_word_mark(char c) {
  return c == ' ' || c == ',' || c == '-' || c == '.' || c == '\t';
}

// The words of the names in the order of the alphabet: first and last name may have changed places.
std::string folded_words(std::span<const std::string_view> texts) {
  std::vector<std::string> words;
  for (const std::string_view text : texts) {
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t begin = at;
      while (at < text.size() && !is_word_mark(text[at])) ++at;
      if (at > begin) words.push_back(folded_word(text.substr(begin, at - begin)));
      ++at;
    }
  }
  std::ranges::sort(words);
  return join(words, " ");
}

class NearChecker : public FileChecker {
 public:
  struct Columns {
    std::uint32_t id = 0;
    std::vector<std::uint32_t> names;  ///< texts, compared as people write them
    std::vector<std::uint32_t> exact;  ///< of other types
  };

  NearChecker(const contract::Quality& quality, const CheckFacts& facts, Columns columns,
              std::string reason, bool forgives_a_letter)
      : columns_(std::move(columns)),
        reason_(with_why(std::move(reason), quality)),
        forgives_a_letter_(forgives_a_letter),
        ledger_(facts.scratch, facts.memory_bytes, facts.hash_secret) {}

  Status observe(const CheckedRows& rows, std::span<const LineNumber> lines) override {
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      if (rows.is_left_out(row) || !is_whole(rows, row)) continue;
      texts_.clear();
      for (const std::uint32_t column : columns_.names) {
        texts_.push_back(rows.cells(column)[row].text());
      }
      const std::string words = folded_words(texts_);
      HOMEROOM_TRY(add(words, rows, row, lines[row]));
      // Two texts that are one letter apart, or have two letters swapped, are the same without one.
      for (std::size_t i = 0; forgives_a_letter_ && i < words.size(); ++i) {
        if (i > 0 && words[i] == words[i - 1]) continue;
        std::string shorter = words;
        shorter.erase(i, 1);
        HOMEROOM_TRY(add(shorter, rows, row, lines[row]));
      }
    }
    return {};
  }

  Status finish(FileVerdict& out) override {
    std::vector<std::pair<LineNumber, LineNumber>> found;  // a line, and the first one like it
    HOMEROOM_TRY(ledger_.each([&](const GroupedRow& row, std::uint64_t /*num_same*/,
                                  const GroupLedger::Group& group) -> Status {
      const bool is_shown = group.num_contents > 1 && found.size() < FileVerdict::kMostLines;
      if (is_shown) found.emplace_back(row.line, group.first_line);
      return {};
    }));
    std::ranges::sort(found);
    const auto repeated = std::ranges::unique(found, {}, &std::pair<LineNumber, LineNumber>::first);
    found.erase(repeated.begin(), repeated.end());
    for (const auto& [line, first] : found) {
      out.add_line({.line = line,
                    .column = columns_.id,
                    .reason = fmt::format("{}, the first on line {}", reason_, first)});
    }
    return {};
  }

  [[nodiscard]] bool finds_lines() const override { return true; }

 private:
  [[nodiscard]] bool is_whole(const CheckedRows& rows, RowIndex row) const {
    const auto has_value = [&](std::uint32_t column) {
      return rows.cells(column)[row].has_value();
    };
    return has_value(columns_.id) && std::ranges::all_of(columns_.names, has_value) &&
           std::ranges::all_of(columns_.exact, has_value);
  }

  Status add(std::string_view words, const CheckedRows& rows, RowIndex row, LineNumber line) {
    group_.assign(1, value_cell(words));
    for (const std::uint32_t column : columns_.exact) group_.push_back(rows.cells(column)[row]);
    return ledger_.add(line, group_, {&rows.cells(columns_.id)[row], 1});
  }

  Columns columns_;
  std::string reason_;
  bool forgives_a_letter_;
  GroupLedger ledger_;
  std::vector<Cell> group_;
  std::vector<std::string_view> texts_;
};

Result<bool> forgives_a_letter(const contract::Quality& quality) {
  const double letters = HOMEROOM_TRY(number_of(quality, "letters", 0));
  if (letters == 0 || letters == 1) return letters == 1;
  return fail_quality(quality, "letters is neither 0 nor 1",
                      "write letters: 1 where one letter may differ");
}

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  const bool forgives = HOMEROOM_TRY(forgives_a_letter(quality));
  const std::vector<std::uint32_t> columns =
      HOMEROOM_TRY(columns_of(quality, table, facts, "columns"));
  const CheckedColumn* id = HOMEROOM_TRY(own_column(quality, table, facts));
  if (columns.empty() || id == nullptr) return BoundQuality{};
  NearChecker::Columns of{.id = id->index, .names = {}, .exact = {}};
  for (const std::uint32_t column : columns) {
    const bool is_text = table.columns[column].table->type == SqlType::kText;
    (is_text ? of.names : of.exact).push_back(column);
  }
  if (of.names.empty()) {
    return fail_quality(quality, "it names no column of text", "write duplicateValues instead");
  }
  std::string reason = fmt::format("is one of several values of {} with nearly the same {}",
                                   id->table->name, join(quality.arguments.at("columns"), ", "));
  return BoundQuality{.file = std::make_unique<NearChecker>(quality, facts, std::move(of),
                                                            std::move(reason), forgives)};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, severity: warning, implementation: {check: "
             "near_duplicates, columns: [last, first, born]}}",
     .columns = "student:text last:text first:text born:date",
     .rows = "1|Muñoz|Ana|2010-05-02 / 2|MUNOZ|Ana|2010-05-02 / 3|Ana|Munoz|2010-05-02 / "
             "4|Munoz|Ana|2011-05-02 / 1|Muñoz|Ana|2010-05-02",
     .says = "warning: 4 rows (80 %): is one of several values of student with nearly the same "
             "last, first, born, the first on line 2, first at line 2"},
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: near_duplicates, columns: "
             "[last, first, born], letters: 1}}",
     .columns = "student:text last:text first:text born:date",
     .rows = "1|O'Brien|Jon|2010-05-02 / 2|Obrien|John|2010-05-02 / 3|Obrien|Johanna|2010-05-02",
     .says = "line 2, student: is one of several values of student with nearly the same last, "
             "first, born, the first on line 2; line 3, student: is one of several values of "
             "student with nearly the same last, first, born, the first on line 2"},
    {.yaml = "{type: custom, engine: homeroom, severity: warning, implementation: {check: "
             "near_duplicates, columns: [last, first, born]}}",
     .columns = "student:text last:text first:text born:date",
     .rows = "1|Ruiz|Ana|2010-05-02 / 1|RUIZ|Ana|2010-05-02 / 2|Ruiz|Ana| / 3|Ruiz|Eva|2010-05-02",
     .says = ""},
};

}  // namespace

extern const QualityCheck check_near_duplicates = {
    .name = "near_duplicates",
    .summary =
        "Rows whose `columns` say nearly the same have the same value in this column: two ids with "
        "one name and birth date may be one student. Texts are compared without case, accents, "
        "marks and the order of their words, with `letters: 1` also where one letter differs",
    .arguments = "columns letters column",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
