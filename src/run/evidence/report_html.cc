#include "run/evidence/report_html.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "clean/rule.h"
#include "run/evidence/report_style.h"
#include "validate/check.h"

namespace homeroom::run {
namespace {

constexpr std::size_t kMaxRowsShown = 200;

// What a status means to the person who sent the file.
struct Headline {
  std::string_view kind;  ///< class of the page's box: good, attention, bad
  std::string_view text;
};

Headline headline_of(const FileReport& report, Command command) {
  const bool has_bad_rows = report.rows.quarantined > 0;
  switch (report.status) {
    case FileStatus::kGood:
      if (has_bad_rows) return {"attention", "Some rows need you"};
      if (report.has_problems()) return {"attention", "Something needs you"};
      if (command == Command::kRun) return {"good", "Loaded"};
      return {"good", command == Command::kClean ? "Cleaned" : "Ready to load"};
    case FileStatus::kDuplicate:
      return {"good", "Loaded before: nothing to do"};
    case FileStatus::kHeld:
      return {"bad", "Held: nothing of it was published"};
    case FileStatus::kWaiting:
      return {"attention", "Waiting for approval of a change of its table"};
    case FileStatus::kRefused:
      return {"bad", "Not read"};
    case FileStatus::kRead:
      return {report.has_problems() ? "attention" : "good", "Read for what it says of other files"};
  }
  return {"bad", "Not read"};
}

std::string_view file_name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

const clean::Rule* rule_named(std::string_view name) {
  const auto rules = clean::all_rules();
  const auto found = std::ranges::find(rules, name, [](const auto* rule) { return rule->name; });
  return found == rules.end() ? nullptr : *found;
}

// What rows and files are set aside or told of for. A check says it itself: the promise that was
// not kept.
std::string_view reason_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kReasons = {
      {{"field_count", "A row has more or fewer fields than the header"},
       {"unique_key", "Rows have one key and other values"},
       {"readable", "The file cannot be read"},
       {"stray_quote", "A quote stands inside a value that has none around it"},
       {"text_after_quote", "Text follows the quote that closes a value"},
       {"unclosed_quote", "A quote opens a value and is never closed"},
       {"nul_byte", "A byte of value zero stands in the text"},
       {"encoding", "Bytes mean nothing in the encoding"},
       {"encoded_twice", "Text was encoded twice"},
       {"row_count", "The file has no rows"},
       {"header_field_count", "The header has another number of fields than the rows"}}};
  for (const auto& [rule, reason] : kReasons) {
    if (rule == name) return reason;
  }
  if (rule_named(name) != nullptr) return "The value cannot be read for certain";
  for (const validate::Check* check : validate::all_checks()) {
    if (check->name == name) return check->summary;
  }
  return "See below";
}

// Builds the page piece by piece. Everything that comes from a file goes through `escape_html`.
class Page {
 public:
  void add(const FileReport& report, Command command);

  [[nodiscard]] std::string finish(std::size_t num_files) &&;

 private:
  // A table whose cells know their column's name, so that a phone can show rows as cards.
  class Table {
   public:
    Table(Page& page, std::vector<std::string_view> headings);

    void start_row() { page_->raw("<tr>"); }

    void number(std::uint64_t value);
    void text(std::string_view value, std::string_view tag = "span");
    void line(std::string_view value);
    void end_row();

    void finish() { page_->raw("</tbody></table>\n"); }

   private:
    void open(std::string_view kind);

    Page* page_;
    std::vector<std::string_view> headings_;
    std::size_t column_ = 0;
  };

  void raw(std::string_view html) { html_ += html; }

  void text(std::string_view value) { html_ += escape_html(value); }

  void paragraph(std::string_view value, std::string_view kind = "");
  void heading(std::string_view value);
  void headline(const FileReport& report, Command command);
  void counts(const FileReport& report);
  void groups(const FileReport& report);
  void issues(const FileReport& report);
  void changes(const FileReport& report);
  void change_rows(Table& table, const FileReport& report, const catalog::ChangeRecord& change);
  void reading(const FileReport& report);
  void skipped(const FileReport& report);
  void written(const FileReport& report);

  std::string html_;
};

Page::Table::Table(Page& page, std::vector<std::string_view> headings)
    : page_(&page), headings_(std::move(headings)) {
  page_->raw("<table><thead><tr>");
  for (const std::string_view heading : headings_) {
    page_->raw("<th>");
    page_->text(heading);
    page_->raw("</th>");
  }
  page_->raw("</tr></thead><tbody>\n");
}

void Page::Table::open(std::string_view kind) {
  page_->raw("<td");
  if (!kind.empty()) page_->raw(fmt::format(" class=\"{}\"", kind));
  page_->raw(fmt::format(" data-label=\"{}\">", escape_html(headings_[column_++])));
}

void Page::Table::number(std::uint64_t value) {
  open("number");
  page_->raw(with_thousands(value));
  page_->raw("</td>");
}

void Page::Table::line(std::string_view value) {
  open("at");
  page_->text(value);
  page_->raw("</td>");
}

void Page::Table::text(std::string_view value, std::string_view tag) {
  open("");
  page_->raw(fmt::format("<{}>", tag));
  page_->text(value);
  page_->raw(fmt::format("</{}></td>", tag));
}

void Page::Table::end_row() {
  column_ = 0;
  page_->raw("</tr>\n");
}

void Page::paragraph(std::string_view value, std::string_view kind) {
  if (value.empty()) return;
  raw(kind.empty() ? std::string("<p>") : fmt::format("<p class=\"{}\">", kind));
  text(value);
  raw("</p>\n");
}

void Page::heading(std::string_view value) {
  raw("<h2>");
  text(value);
  raw("</h2>\n");
}

void Page::headline(const FileReport& report, Command command) {
  const Headline headline = headline_of(report, command);
  raw(fmt::format("<div class=\"box {}\">\n", headline.kind));
  paragraph(headline.text, "verdict");
  if (!report.reason.empty()) paragraph(report.reason + ".");
  const catalog::RowCounts& rows = report.rows;
  if (rows.read > 0 && report.status == FileStatus::kGood) {
    const std::string_view done = command == Command::kRun     ? "loaded"
                                  : command == Command::kClean ? "clean"
                                                               : "ready to load";
    const std::uint64_t good = rows.loaded + rows.unchanged;
    std::string text = fmt::format("{} of {} {}", with_thousands(good),
                                   counted(rows.read - rows.skipped, "row"), done);
    if (rows.quarantined > 0) {
      text += fmt::format("; {} set aside until somebody mends {}",
                          counted(rows.quarantined, "row"), rows.quarantined == 1 ? "it" : "them");
    }
    paragraph(text + ".");
  }
  if (report.values_changed > 0) {
    paragraph(fmt::format("{} written in the usual form; each change is counted below.",
                          counted(report.values_changed, "value")));
  }
  raw("</div>\n");
}

void Page::counts(const FileReport& report) {
  const catalog::RowCounts& rows = report.rows;
  if (rows.read == 0) return;
  heading("Every row answers");
  const std::array<std::pair<std::string_view, std::uint64_t>, 6> outcomes = {
      {{"good", rows.loaded},
       {"in the tables already, unchanged", rows.unchanged},
       {"repeated within the file, kept once", rows.duplicate},
       {"set aside (quarantine)", rows.quarantined},
       {"waiting with the file", rows.pending},
       {"no records: blank, titles, totals", rows.skipped}}};
  Table table(*this, {"Rows", "Number"});
  for (const auto& [name, number] : outcomes) {
    if (number == 0) continue;
    table.start_row();
    table.text(name);
    table.number(number);
    table.end_row();
  }
  table.start_row();
  table.text("read", "strong");
  table.number(rows.read);
  table.end_row();
  table.finish();
}

void Page::groups(const FileReport& report) {
  if (report.issue_groups.empty()) return;
  heading("What is wrong, by reason");
  Table table(*this, {"Column", "Reason", "Kind", "How often", "First line"});
  for (const IssueGroup& group : report.issue_groups) {
    table.start_row();
    table.text(group.column.empty() ? "the whole row or file" : group.column);
    table.text(fmt::format("{} ({})", reason_of(group.rule), group.rule));
    table.text(to_string(group.severity));
    table.number(group.count);
    table.line(group.first_line == 0 ? "the file" : std::to_string(group.first_line));
    table.end_row();
  }
  table.finish();
}

void Page::issues(const FileReport& report) {
  if (report.issues.empty()) return;
  heading("Where it is, and what to do");
  if (report.issue_count > report.issues.size()) {
    paragraph(fmt::format("The first {} of {}. The quarantine file has every row.",
                          report.issues.size(), with_thousands(report.issue_count)));
  }
  Table table(*this, {"Line", "Column", "What is wrong", "What to do"});
  for (const Issue& issue : report.issues) {
    table.start_row();
    table.line(issue.line == 0 ? "the file" : std::to_string(issue.line));
    table.text(issue.column.empty() ? "the whole row" : issue.column);
    table.text(issue.message);
    table.text(!issue.suggestion.empty()            ? issue.suggestion
               : issue.severity == Severity::kError ? "correct the value and send the row again"
                                                    : "nothing, unless it is not meant so");
    table.end_row();
  }
  table.finish();
}

void Page::change_rows(Table& table, const FileReport& report,
                       const catalog::ChangeRecord& change) {
  table.start_row();
  table.text(change.column);
  const clean::Rule* rule = rule_named(change.rule);
  table.text(rule == nullptr ? std::string_view(change.rule) : rule->summary);
  table.number(change.count);
  raw("<td data-label=\"For example\"><ul class=\"samples\">");
  for (const ChangedValue& sample : report.samples) {
    if (sample.column != change.column || sample.rule != change.rule) continue;
    raw("<li><code>");
    text(sample.before);
    raw("</code> <span class=\"arrow\">&rarr;</span> <code>");
    text(sample.after);
    raw(fmt::format("</code> <span class=\"line\">line {}</span></li>", sample.line));
  }
  raw("</ul></td>");
  table.end_row();
}

void Page::changes(const FileReport& report) {
  if (report.changes.empty()) return;
  heading("What was changed");
  paragraph("A value changed by several rules is shown under each, as it came and as it is now.");
  Table table(*this, {"Column", "Change", "How often", "For example"});
  for (const catalog::ChangeRecord& change : report.changes) change_rows(table, report, change);
  table.finish();
}

void Page::reading(const FileReport& report) {
  if (!report.dialect) return;
  heading("How the file was read");
  Table table(*this, {"Question", "Answer", "How sure", "Why"});
  if (!report.dataset.empty()) {
    table.start_row();
    table.text("data set");
    table.text(report.dataset);
    table.text("");
    table.text(report.match_reason);
    table.end_row();
  }
  for (const Verdict& verdict : report.dialect->verdicts) {
    table.start_row();
    table.text(verdict.what);
    table.text(verdict.choice);
    table.text(fmt::format("{:.0f} %", 100 * verdict.confidence));
    table.text(verdict.reason);
    table.end_row();
  }
  table.finish();
}

void Page::skipped(const FileReport& report) {
  if (report.skipped.empty()) return;
  heading("Lines that were passed over");
  const std::uint64_t all = report.rows.skipped + report.rows.duplicate;
  if (all > report.skipped.size()) {
    paragraph(fmt::format("The first {} of {}.", report.skipped.size(), with_thousands(all)));
  }
  Table table(*this, {"Line", "Why"});
  for (std::size_t i = 0; i < std::min(report.skipped.size(), kMaxRowsShown); ++i) {
    table.start_row();
    table.line(std::to_string(report.skipped[i].line));
    table.text(report.skipped[i].reason);
    table.end_row();
  }
  table.finish();
}

void Page::written(const FileReport& report) {
  if (report.outputs.empty()) return;
  heading("Where it went");
  raw("<ul>");
  for (const std::string& key : report.outputs) {
    raw("<li><code>");
    text(key);
    raw("</code></li>");
  }
  raw("</ul>\n");
}

void Page::add(const FileReport& report, Command command) {
  raw("<article>\n<h1>");
  text(file_name_of(report.path));
  raw("</h1>\n");
  paragraph(report.path, "path");
  headline(report, command);
  groups(report);
  issues(report);
  changes(report);
  counts(report);
  skipped(report);
  reading(report);
  written(report);
  if (!report.sha256.empty()) {
    paragraph(fmt::format("{} bytes, SHA-256 {}", with_thousands(report.size_bytes), report.sha256),
              "path");
  }
  raw("</article>\n");
}

std::string Page::finish(std::size_t num_files) && {
  std::string page =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>Homeroom: ";
  page += counted(num_files, "file");
  page += "</title>\n<style>\n";
  page += kReportStyle;
  page += "</style>\n</head>\n<body>\n<main>\n";
  page += html_;
  page +=
      "<footer>This page shows values of the file: keep it where the file may be kept. Words are "
      "explained in the reference, docs/reference/report.md.</footer>\n</main>\n</body>\n</html>\n";
  return page;
}

// Bytes of the UTF-8 character at the front; 0: there is none.
std::size_t character_size(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t size = first < 0x80   ? 1
                           : first < 0xC2 ? 0
                           : first < 0xE0 ? 2
                           : first < 0xF0 ? 3
                           : first < 0xF5 ? 4
                                          : 0;
  if (size == 0 || size > text.size()) return 0;
  const bool goes_on = std::ranges::all_of(text.substr(1, size - 1), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
  });
  return goes_on ? size : 0;
}

// U+2400 and on: "␀" for a NUL.
void append_control_picture(unsigned char c, std::string& out) {
  const unsigned int code = c == 0x7F ? 0x21U : c;
  out += "\xE2\x90";
  out += static_cast<char>(0x80U + code);
}

}  // namespace

std::string escape_html(std::string_view text) {
  constexpr std::array<std::pair<char, std::string_view>, 5> kEntities = {
      {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}}};
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    const auto first = static_cast<unsigned char>(text[0]);
    const auto* entity =
        std::ranges::find(kEntities, text[0], &std::pair<char, std::string_view>::first);
    if (size == 0) {
      out += "\xEF\xBF\xBD";
    } else if (entity != kEntities.end()) {
      out += entity->second;
    } else if (first < 0x20 || first == 0x7F) {
      append_control_picture(first, out);
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return out;
}

std::string to_html(std::span<const FileReport> reports, Command command) {
  Page page;
  for (const FileReport& report : reports) page.add(report, command);
  return std::move(page).finish(reports.size());
}

}  // namespace homeroom::run
