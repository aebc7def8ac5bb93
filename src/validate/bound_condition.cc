#include "validate/bound_condition.h"

#include <compare>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/date.h"
#include "validate/decimal.h"
#include "validate/exact_sum.h"

namespace homeroom::validate {
namespace {

using contract::Condition;
using contract::Operand;
using contract::Quality;

constexpr std::size_t kDateSize = 10;  // YYYY-MM-DD, also at the front of a timestamp

enum class Class : std::uint8_t { kText, kNumber, kDay };

std::string_view name_of(Class value_class) {
  constexpr std::string_view kNames[] = {"a text", "a number", "a date"};
  return kNames[static_cast<std::size_t>(value_class)];
}

Class class_of(SqlType type) {
  switch (type) {
    case SqlType::kBigint:
    case SqlType::kNumeric:
      return Class::kNumber;
    case SqlType::kDate:
    case SqlType::kTimestamptz:
      return Class::kDay;
    case SqlType::kText:
    case SqlType::kBoolean:
    case SqlType::kJsonb:
      return Class::kText;
  }
  return Class::kText;
}

// One side of a comparison, of one row.
struct Value {
  bool is_known = false;
  std::string_view text = {};
  std::optional<ExactSum> sum = std::nullopt;  // of several terms
};

struct Side {
  struct Term {
    bool is_negative = false;
    std::uint32_t column = kWholeRow;  // kWholeRow: the number in `text`
    std::string text;
  };

  Class value_class = Class::kText;
  std::string text;
  std::vector<Term> terms;

  [[nodiscard]] Value value(const CheckedRows& rows, RowIndex row) const;
};

Value Side::value(const CheckedRows& rows, RowIndex row) const {
  if (terms.empty()) return {.is_known = true, .text = text};
  Value value{.is_known = true};
  if (terms.size() > 1 || terms[0].is_negative) value.sum.emplace();
  for (const Term& term : terms) {
    std::string_view part = term.text;
    if (term.column != kWholeRow) {
      const Cell& cell = rows.cells(term.column)[row];
      if (!cell.has_value()) return {};
      part = cell.text();
    }
    if (!value.sum) {
      value.text = value_class == Class::kDay ? part.substr(0, kDateSize) : part;
    } else if (!value.sum->add(part, term.is_negative)) {
      return {};
    }
  }
  return value;
}

std::optional<std::strong_ordering> compare_numbers(const Value& left, const Value& right) {
  if (!left.sum && !right.sum) {
    const auto first = parse_decimal(left.text);
    const auto second = parse_decimal(right.text);
    if (!first || !second) return std::nullopt;
    return compare(*first, *second);
  }
  ExactSum sums[2];
  for (const auto& [value, sum] : {std::pair(&left, &sums[0]), std::pair(&right, &sums[1])}) {
    if (value->sum) {
      *sum = *value->sum;
    } else if (!sum->add(value->text)) {
      return std::nullopt;
    }
  }
  return sums[0] <=> sums[1];
}

Truth truth_of(bool is_true) {
  return is_true ? Truth::kTrue : Truth::kFalse;
}

Truth test_compare(Condition::Compare compare, std::strong_ordering order) {
  switch (compare) {
    case Condition::Compare::kEqual:
      return truth_of(order == 0);
    case Condition::Compare::kUnequal:
      return truth_of(order != 0);
    case Condition::Compare::kLess:
      return truth_of(order < 0);
    case Condition::Compare::kLessOrEqual:
      return truth_of(order <= 0);
    case Condition::Compare::kMore:
      return truth_of(order > 0);
    case Condition::Compare::kMoreOrEqual:
      return truth_of(order >= 0);
  }
  return Truth::kUnknown;
}

Truth compare_sides(Condition::Compare compare, const Value& left, const Side& right,
                    const CheckedRows& rows, RowIndex row) {
  const Value other = right.value(rows, row);
  if (!left.is_known || !other.is_known) return Truth::kUnknown;
  if (right.value_class != Class::kNumber) {
    return test_compare(compare, left.text.compare(other.text) <=> 0);
  }
  const auto order = compare_numbers(left, other);
  return order ? test_compare(compare, *order) : Truth::kUnknown;
}

}  // namespace

struct BoundCondition::Node {
  Condition::What what = Condition::What::kAnd;
  std::vector<Node> parts = {};
  Condition::Compare compare = Condition::Compare::kEqual;
  Side left = {};
  std::vector<Side> others = {};  // what `left` is compared with

  [[nodiscard]] Truth test(const CheckedRows& rows, RowIndex row) const;
  [[nodiscard]] Truth test_parts(const CheckedRows& rows, RowIndex row) const;
  [[nodiscard]] Truth test_in(const CheckedRows& rows, RowIndex row) const;
};

Truth BoundCondition::Node::test(const CheckedRows& rows, RowIndex row) const {
  switch (what) {
    case Condition::What::kAnd:
    case Condition::What::kOr:
      return test_parts(rows, row);
    case Condition::What::kNot: {
      const Truth truth = parts[0].test(rows, row);
      return truth == Truth::kUnknown ? truth : truth_of(truth == Truth::kFalse);
    }
    case Condition::What::kCompare:
      return compare_sides(compare, left.value(rows, row), others[0], rows, row);
    case Condition::What::kIn:
      return test_in(rows, row);
    case Condition::What::kIsNull: {
      const Cell& cell = rows.cells(left.terms[0].column)[row];
      if (cell.state == CellState::kBad) return Truth::kUnknown;
      return truth_of(cell.state == CellState::kNull);
    }
  }
  return Truth::kUnknown;
}

// One false part decides "and", one true part "or"; else one unknown part makes it unknown.
Truth BoundCondition::Node::test_parts(const CheckedRows& rows, RowIndex row) const {
  const Truth deciding = truth_of(what == Condition::What::kOr);
  Truth result = truth_of(what == Condition::What::kAnd);
  for (const Node& part : parts) {
    const Truth truth = part.test(rows, row);
    if (truth == deciding) return truth;
    if (truth == Truth::kUnknown) result = truth;
  }
  return result;
}

Truth BoundCondition::Node::test_in(const CheckedRows& rows, RowIndex row) const {
  const Value value = left.value(rows, row);
  Truth result = Truth::kFalse;
  for (const Side& other : others) {
    const Truth truth = compare_sides(Condition::Compare::kEqual, value, other, rows, row);
    if (truth == Truth::kTrue) return truth;
    if (truth == Truth::kUnknown) result = truth;
  }
  return result;
}

namespace {

// Binds the sides of a condition. `is_absent` is set when the file lacks a column.
class Binder {
 public:
  Binder(const Quality& quality, const CheckedTable& table, const CheckFacts& facts)
      : quality_(&quality), table_(&table), facts_(&facts) {}

  Result<Side> bind(const Operand& operand) {
    Side side;
    if (operand.is_text) {
      side.text = operand.text;
      return side;
    }
    side.value_class = Class::kNumber;
    for (const Operand::Term& term : operand.terms) {
      Side::Term bound{.is_negative = term.is_negative, .text = term.text};
      if (term.is_column) {
        const CheckedColumn* column =
            HOMEROOM_TRY(find_column(*quality_, *table_, *facts_, term.text));
        if (column == nullptr) {
          is_absent_ = true;
          continue;
        }
        bound.column = column->index;
        side.value_class = class_of(column->table->type);
        if (first_column_ == kWholeRow) first_column_ = column->index;
      }
      const bool is_sum = operand.terms.size() > 1 || term.is_negative;
      if (is_sum && side.value_class != Class::kNumber) {
        return fail_quality(*quality_, fmt::format("{} is not a number to add", term.text),
                            "declare the column as a number");
      }
      side.terms.push_back(std::move(bound));
    }
    return side;
  }

  // Both sides are of one class; a text beside a date is a day.
  Status agree(Side& left, Side& right) {
    if (is_absent_) return {};
    for (auto [side, other] : {std::pair(&left, &right), std::pair(&right, &left)}) {
      const bool is_constant = side->terms.empty();
      if (!is_constant || other->value_class != Class::kDay) continue;
      if (!parse_iso_date(side->text)) {
        return fail_quality(*quality_, fmt::format("'{}' is not a day", side->text),
                            "write it as '2025-09-01'");
      }
      side->value_class = Class::kDay;
    }
    if (left.value_class == right.value_class) return {};
    return fail_quality(*quality_,
                        fmt::format("it compares {} with {}", name_of(left.value_class),
                                    name_of(right.value_class)),
                        "texts stand in single quotes, numbers without");
  }

  [[nodiscard]] bool is_absent() const { return is_absent_; }

  [[nodiscard]] std::uint32_t first_column() const { return first_column_; }

 private:
  const Quality* quality_;
  const CheckedTable* table_;
  const CheckFacts* facts_;
  bool is_absent_ = false;
  std::uint32_t first_column_ = kWholeRow;
};

template <class Node>
Result<Node> bind_node(const Condition& condition, const Quality& quality, Binder& binder) {
  Node node{.what = condition.what, .compare = condition.compare};
  for (const Condition& part : condition.parts) {
    node.parts.push_back(HOMEROOM_TRY(bind_node<Node>(part, quality, binder)));
  }
  if (!condition.parts.empty()) return node;
  node.left = HOMEROOM_TRY(binder.bind(condition.left));
  if (condition.what == Condition::What::kIsNull) {
    if (!condition.left.is_column()) {
      return fail_quality(quality, "only a column can be null", "write exit_date is null");
    }
    return node;
  }
  const auto add_other = [&](const Operand& operand) -> Status {
    node.others.push_back(HOMEROOM_TRY(binder.bind(operand)));
    return binder.agree(node.left, node.others.back());
  };
  if (condition.what == Condition::What::kCompare) HOMEROOM_TRY(add_other(condition.right));
  for (const Operand& operand : condition.list) HOMEROOM_TRY(add_other(operand));
  return node;
}

}  // namespace

BoundCondition::BoundCondition(std::unique_ptr<const Node> root, std::uint32_t first_column)
    : root_(std::move(root)), first_column_(first_column) {}

BoundCondition::BoundCondition(BoundCondition&&) noexcept = default;
BoundCondition& BoundCondition::operator=(BoundCondition&&) noexcept = default;
BoundCondition::~BoundCondition() = default;

Result<std::optional<BoundCondition>> BoundCondition::create(std::string_view text,
                                                             const Quality& quality,
                                                             const CheckedTable& table,
                                                             const CheckFacts& facts) {
  const auto condition = contract::parse_condition(text);
  if (!condition) return fail_quality(quality, condition.error().message, condition.error().hint);
  Binder binder(quality, table, facts);
  Node node = HOMEROOM_TRY(bind_node<Node>(*condition, quality, binder));
  if (binder.is_absent()) return std::nullopt;
  return BoundCondition(std::make_unique<const Node>(std::move(node)), binder.first_column());
}

Truth BoundCondition::test(const CheckedRows& rows, RowIndex row) const {
  return root_->test(rows, row);
}

}  // namespace homeroom::validate
