#include "parse/records/ragged_cause.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ranges>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace homeroom::parse {
namespace {

// What a value looks like: enough to see that a row is shifted.
enum class Shape : std::uint8_t { kEmpty, kDigits, kNumber, kDate, kText };

Shape shape_of(std::string_view text) {
  if (text.find_first_not_of(' ') == std::string_view::npos) return Shape::kEmpty;
  std::size_t num_digits = 0;
  std::size_t num_points = 0;
  std::size_t num_separators = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      ++num_digits;
    } else if (c == '.' || c == '$' || c == '%' || c == ' ') {
      ++num_points;
    } else if (c == '-' || c == '/' || c == ':') {
      ++num_separators;
    } else {
      return Shape::kText;
    }
  }
  if (num_digits == 0) return Shape::kText;
  if (num_separators >= 1)
    return num_separators == 1 && text[0] == '-' ? Shape::kNumber : Shape::kDate;
  return num_points > 0 ? Shape::kNumber : Shape::kDigits;
}

// 2: the same; 1: may stand in one column; 0: may not.
int likeness(Shape left, Shape right) {
  if (left == right) return 2;
  if (left == Shape::kEmpty || right == Shape::kEmpty) return 1;
  const auto is_number = [](Shape shape) {
    return shape == Shape::kDigits || shape == Shape::kNumber;
  };
  return is_number(left) && is_number(right) ? 1 : 0;
}

std::vector<Shape> shapes_of(std::span<const Cell> cells) {
  std::vector<Shape> shapes;
  shapes.reserve(cells.size());
  for (const Cell& cell : cells) shapes.push_back(shape_of(cell.text()));
  return shapes;
}

// scores[n]: how well the first n fields match the first n columns; kNoMatch from the first one
// that cannot stand there.
constexpr int kNoMatch = -1;

template <class Left, class Right>
std::vector<int> prefix_scores(const Left& left, const Right& right) {
  std::vector<int> scores = {0};
  auto column = right.begin();
  for (auto field = left.begin(); field != left.end() && column != right.end(); ++field, ++column) {
    const int like = likeness(*field, *column);
    const int before = scores.back();
    scores.push_back(like == 0 || before == kNoMatch ? kNoMatch : before + like);
  }
  return scores;
}

// The column to which all others point, when exactly one of `num_places` scores best.
class BestPlace {
 public:
  void offer(std::size_t place, int score) {
    if (score == kNoMatch || score < score_) return;
    is_single_ = score > score_;
    score_ = score;
    place_ = place;
  }

  [[nodiscard]] bool is_found() const { return is_single_; }

  [[nodiscard]] std::size_t place() const { return place_; }

 private:
  int score_ = kNoMatch;
  std::size_t place_ = 0;
  bool is_single_ = false;
};

int sum_or_none(int left, int right) {
  return left == kNoMatch || right == kNoMatch ? kNoMatch : left + right;
}

constexpr std::size_t kMaxFieldsCompared = 200;

}  // namespace

std::string delimiter_name(std::string_view delimiter) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kNames = {
      {{",", "comma"},
       {";", "semicolon"},
       {"\t", "tab"},
       {"|", "pipe"},
       {" ", "space"},
       {":", "colon"}}};
  for (const auto& [text, name] : kNames) {
    if (text == delimiter) return std::string(name);
  }
  return fmt::format("\"{}\"", delimiter);
}

LikelyCause likely_cause(std::span<const Cell> cells, std::span<const Cell> neighbour,
                         std::string_view delimiter) {
  const std::size_t width = neighbour.size();
  const std::size_t num_fields = cells.size();
  if (delimiter.empty() || std::max(width, num_fields) > kMaxFieldsCompared) return {};
  const std::vector<Shape> fields = shapes_of(cells);
  const std::vector<Shape> columns = shapes_of(neighbour);
  const std::vector<int> before = prefix_scores(fields, columns);
  const std::vector<int> after =
      prefix_scores(std::views::reverse(fields), std::views::reverse(columns));
  BestPlace best;
  const bool is_long = num_fields > width;
  for (std::size_t place = 0; place < std::min(width, num_fields); ++place) {
    const std::size_t num_after = std::min(width, num_fields) - place - 1;
    const int score = sum_or_none(before[place], after[num_after]);
    const bool may_hold_delimiter = is_long && columns[place] == Shape::kText;
    best.offer(place, score == kNoMatch ? kNoMatch : score + (may_hold_delimiter ? 1 : 0));
  }
  if (!best.is_found() || width > num_fields + 1) return {};
  const std::string name = delimiter_name(delimiter);
  const auto column = static_cast<std::uint32_t>(best.place() + 1);
  return {.text = is_long ? fmt::format("unquoted {} in column {}?", name, column)
                          : fmt::format("missing {} after column {}?", name, column),
          .column = column};
}

}  // namespace homeroom::parse
