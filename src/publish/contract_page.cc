#include "publish/contract_page.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace homeroom::publish {
namespace {

using contract::Column;
using contract::Contract;
using contract::Kind;

// Headers that are shown of a column; the program knows more.
constexpr std::size_t kMostHeaders = 12;

std::string_view form_of(Kind kind) {
  switch (kind) {
    case Kind::kText:
      return "text";
    case Kind::kIdentifier:
      return "a number or code; leading zeros count";
    case Kind::kInteger:
      return "a whole number";
    case Kind::kDecimal:
      return "a number";
    case Kind::kPercent:
      return "a percentage, 0 to 100";
    case Kind::kDate:
      return "a day, best as 2025-09-11";
    case Kind::kTime:
      return "a time, best as 14:30:00";
    case Kind::kTimestamp:
      return "a day and time, best as 2025-09-11 14:30:00";
    case Kind::kBoolean:
      return "yes or no";
    case Kind::kSchoolYear:
      return "a school year: 2024-25, or the year it ends in";
    case Kind::kEnumeration:
      return "one of a list, see below";
    case Kind::kMark:
      return "a mark as given";
    case Kind::kPersonName:
      return "a name";
    case Kind::kEmail:
      return "a mail address";
    case Kind::kPhone:
      return "a phone number";
    case Kind::kPostcode:
      return "a ZIP code; leading zeros count";
  }
  return "text";
}

// "from 0 to 1440", "at most 20 characters".
std::string limits_of(const Column& column) {
  std::vector<std::string> limits;
  if (column.minimum && column.maximum) {
    limits.push_back(fmt::format("from {} to {}", *column.minimum, *column.maximum));
  } else if (column.minimum) {
    limits.push_back(fmt::format("at least {}", *column.minimum));
  } else if (column.maximum) {
    limits.push_back(fmt::format("at most {}", *column.maximum));
  }
  if (column.above) limits.push_back(fmt::format("above {}", *column.above));
  if (column.below) limits.push_back(fmt::format("below {}", *column.below));
  if (column.multiple_of) limits.push_back(fmt::format("in steps of {}", *column.multiple_of));
  if (column.is_unique) limits.emplace_back("each only once");
  if (column.min_length) limits.push_back(fmt::format("at least {} long", *column.min_length));
  if (column.max_length) limits.push_back(fmt::format("at most {} long", *column.max_length));
  if (column.pattern) limits.push_back(fmt::format("of the form {}", *column.pattern));
  return join(limits, ", ");
}

std::string what_it_holds(const Column& column) {
  std::string text(form_of(column.kind));
  if (const std::string limits = limits_of(column); !limits.empty()) text += "; " + limits;
  if (column.is_suppressible) text += "; * where the figure is hidden";
  return text;
}

std::string headers_of(const Column& column) {
  std::vector<std::string> headers = {column.name};
  for (const std::string& header : column.synonyms) {
    if (headers.size() >= kMostHeaders) break;
    if (header != column.name) headers.push_back(header);
  }
  return join(headers, ", ");
}

std::string whether_needed(const Contract& contract, const Column& column) {
  if (column.is_required) return "yes";
  for (const std::string& name : contract.any_of) {
    if (name == column.name) return "one of " + join(contract.any_of, ", ");
  }
  return "";
}

// The page in pieces, so that both formats say the same.
class Page {
 public:
  explicit Page(PageFormat format) : is_html_(format == PageFormat::kHtml) {}

  void heading(int level, std::string_view text) {
    out_ += is_html_ ? fmt::format("<h{0}>{1}</h{0}>\n", level, escaped(text))
                     : fmt::format("{} {}\n\n", std::string(static_cast<std::size_t>(level), '#'),
                                   escaped(text));
  }

  void paragraph(std::string_view text) {
    if (text.empty()) return;
    out_ +=
        is_html_ ? fmt::format("<p>{}</p>\n", escaped(text)) : fmt::format("{}\n\n", escaped(text));
  }

  void table(const std::vector<std::string>& heads,
             const std::vector<std::vector<std::string>>& rows) {
    if (is_html_) out_ += "<table>\n";
    row(heads, "th");
    if (!is_html_) {
      for (std::size_t i = 0; i < heads.size(); ++i) out_ += "| --- ";
      out_ += "|\n";
    }
    for (const auto& cells : rows) row(cells, "td");
    out_ += is_html_ ? "</table>\n" : "\n";
  }

  [[nodiscard]] std::string take(std::string_view title) {
    if (!is_html_) return std::move(out_);
    return fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>{}</title>\n<style>\n"
        "body {{ font: 16px/1.5 sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; "
        "}}\n"
        "table {{ border-collapse: collapse; width: 100%; }}\n"
        "th, td {{ border: 1px solid #bbb; padding: .3rem .6rem; text-align: left; "
        "vertical-align: top; }}\n"
        "</style>\n</head>\n<body>\n{}</body>\n</html>\n",
        escaped(title), out_);
  }

 private:
  void row(const std::vector<std::string>& cells, std::string_view tag) {
    if (is_html_) out_ += "<tr>";
    for (const std::string& cell : cells) {
      out_ += is_html_ ? fmt::format("<{0}>{1}</{0}>", tag, escaped(cell))
                       : fmt::format("| {} ", escaped(cell));
    }
    out_ += is_html_ ? "</tr>\n" : "|\n";
  }

  [[nodiscard]] std::string escaped(std::string_view text) const {
    std::string out;
    for (const char c : text) {
      if (c == '&') {
        out += "&amp;";
      } else if (c == '<') {
        out += "&lt;";
      } else if (c == '>') {
        out += "&gt;";
      } else if (c == '|' && !is_html_) {
        out += "\\|";
      } else if (!is_html_ && (c == '*' || c == '_' || c == '`' || c == '[')) {
        out += {'\\', c};
      } else {
        out.push_back(c == '\n' ? ' ' : c);
      }
    }
    return out;
  }

  bool is_html_;
  std::string out_;
};

void write_columns(const Contract& contract, Page& page) {
  std::vector<std::vector<std::string>> rows;
  for (const Column& column : contract.columns) {
    std::string what = column.description;
    if (!column.why.empty()) what += " " + column.why;
    rows.push_back({column.name, std::string(trim(what)), what_it_holds(column),
                    whether_needed(contract, column), headers_of(column)});
  }
  page.heading(2, "Columns");
  page.paragraph(
      "Any order will do, and columns that you do not have may be left out where they are not "
      "needed. Capitals, blanks and underscores in a header make no difference.");
  page.table({"Column", "What it is", "What it holds", "Needed", "Headers it is known by"}, rows);
}

void write_lists(const Contract& contract, Page& page) {
  std::vector<const contract::Enumeration*> lists;
  for (const Column& column : contract.columns) {
    if (column.enumeration == nullptr) continue;
    if (std::ranges::find(lists, column.enumeration) == lists.end()) {
      lists.push_back(column.enumeration);
    }
  }
  for (const contract::Enumeration* list : lists) {
    std::vector<std::vector<std::string>> rows;
    for (const contract::EnumerationValue& value : list->values) {
      rows.push_back({value.code, value.label, join(value.spellings, ", ")});
    }
    page.heading(2, "Codes: " + list->name);
    page.table({"Code", "Meaning", "Also read"}, rows);
  }
}

}  // namespace

std::string write_contract_page(const Contract& contract, PageFormat format) {
  const std::string& title = contract.title.empty() ? contract.name : contract.title;
  Page page(format);
  page.heading(1, title);
  page.paragraph(contract.description);
  if (!contract.grain.empty()) page.paragraph("One line of the file is " + contract.grain + ".");
  if (!contract.key.empty()) {
    page.paragraph("Two lines are about the same when they agree in " + join(contract.key, ", ") +
                   (contract.write_mode == contract::WriteMode::kReplace
                        ? ". A new file replaces the one before it."
                        : ". A later file changes earlier lines; those that it lacks stay."));
  }
  page.paragraph(fmt::format(
      "A line that cannot be read for certain is set aside with the reason and can be corrected; "
      "the others are loaded. A file with more than {:g} % of such lines is held.",
      100 * contract.max_bad_fraction));
  write_columns(contract, page);
  write_lists(contract, page);
  page.paragraph("Version " + contract.version + ".");
  return page.take(title);
}

}  // namespace homeroom::publish
