#include "run/loading/load_kind.h"

#include <algorithm>
#include <optional>

#include "base/date.h"
#include "base/text.h"
#include "table/schema.h"

namespace homeroom::run {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "Att_2025-11-03.csv" -> "att_#-#-#.csv"
std::string name_family(std::string_view name) {
  std::string family;
  for (const char c : name) {
    if (!is_digit(c)) {
      family += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (family.empty() || family.back() != '#') {
      family += '#';
    }
  }
  return family;
}

std::string iso_text(const CivilDate& date) {
  std::string text(10, ' ');
  write_iso_date(date, text.data());
  return text;
}

std::uint64_t weekdays_between(DayNumber first, DayNumber last) {
  std::uint64_t count = 0;
  for (DayNumber day = first; day <= last; ++day) count += weekday_of(day) < 5 ? 1 : 0;
  return std::max<std::uint64_t>(count, 1);
}

}  // namespace

std::optional<CivilDate> date_in_name(std::string_view name) {
  std::optional<CivilDate> date;
  for (std::size_t i = 0; i + 8 <= name.size(); ++i) {
    if (i > 0 && is_digit(name[i - 1])) continue;
    const std::string_view rest = name.substr(i);
    std::string text(rest.substr(0, 10));
    std::size_t size = 10;
    if (!parse_iso_date(text)) {
      text = std::string(rest.substr(0, 4)) + "-" + std::string(rest.substr(4, 2)) + "-" +
             std::string(rest.substr(6, 2));
      size = 8;
    }
    const bool is_longer = rest.size() > size && is_digit(rest[size]);
    if (const auto found = parse_iso_date(text); found && !is_longer) date = found;
  }
  return date;
}

catalog::LoadKind kind_of(std::string_view source, std::string_view dataset, std::string_view path,
                          std::string_view scope) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  catalog::LoadKind kind{.source = std::string(source),
                         .dataset = std::string(dataset),
                         .family = name_family(name),
                         .day = {},
                         .num_days = 1,
                         .is_of_any_scope = false};
  bool has_days = false;
  for (const std::string_view part : split(scope, '|')) {
    const std::string_view value = part.substr(std::min(part.find('=') + 1, part.size()));
    const auto first = parse_iso_date(value.substr(0, 10));
    if (first) {
      const auto last = parse_iso_date(value.substr(value.size() - 10)).value_or(*first);
      const DayNumber from = to_day_number(*first);
      const DayNumber to = to_day_number(last);
      has_days = true;
      // A range of centuries is a misread date, not a period.
      if (to - from < 400) kind.num_days = weekdays_between(from, to);
      kind.day = from == to ? iso_text(*first) : std::string();
    } else if (value.empty()) {
      kind.is_of_any_scope = !part.empty();
    } else if (!part.starts_with(kSchoolYearColumn)) {
      kind.family.append("|").append(part);
    }
  }
  if (has_days) return kind;
  if (const auto date = date_in_name(name)) kind.day = iso_text(*date);
  return kind;
}

}  // namespace homeroom::run
