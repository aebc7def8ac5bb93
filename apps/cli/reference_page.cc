#include "reference_page.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "base/text.h"
#include "files_command.h"
#include "terminal.h"

namespace homeroom::cli {
namespace {

struct Flags {
  std::string name;
  bool is_markdown = false;
};

// A cell of a table in Markdown, as code.
std::string code(const std::string& text) {
  if (text.empty()) return "";
  std::string safe;
  for (const char c : text) safe += c == '|' ? std::string("\\|") : std::string(1, c);
  const std::string_view fence = text.find('`') == std::string::npos ? "`" : "``";
  return fmt::format("{0}{1}{0}", fence, safe);
}

void print_row(const std::vector<std::string>& cells) {
  fmt::print("|");
  for (const std::string& cell : cells) fmt::print(" {} |", cell);
  fmt::print("\n");
}

void print_markdown(const Reference& reference) {
  fmt::print("# {}\n\n<!-- Written by `homeroom {} --markdown`; a test holds it equal. -->\n\n{}\n",
             reference.title, reference.command, reference.beginning);
  for (const ReferenceEntry& entry : reference.entries) {
    fmt::print("\n## {}\n\n{}.\n", entry.name, entry.summary);
    for (const std::string& fact : entry.facts) fmt::print("{}.\n", fact);
    fmt::print("\n");
    print_row(entry.head);
    print_row(std::vector<std::string>(entry.head.size(), "---"));
    for (const auto& example : entry.examples) {
      std::vector<std::string> cells;
      for (const std::string& cell : example) cells.push_back(code(cell));
      print_row(cells);
    }
  }
}

void print_list(const Context& context, const Reference& reference) {
  std::size_t width = 0;
  for (const ReferenceEntry& entry : reference.entries) {
    width = std::max(width, entry.name.size());
  }
  for (const ReferenceEntry& entry : reference.entries) {
    fmt::print("{}{}  {}\n", styled(context, Style::kBold, entry.name),
               std::string(width - entry.name.size(), ' '), entry.summary);
  }
  fmt::print("\nOne with its examples: homeroom {} NAME\n", reference.command);
}

void print_entry(const Context& context, const ReferenceEntry& entry) {
  fmt::print("{}\n  {}.\n", styled(context, Style::kBold, entry.name), entry.summary);
  for (const std::string& fact : entry.facts) fmt::print("  {}.\n", fact);
  for (const auto& example : entry.examples) {
    fmt::print("\n");
    for (std::size_t i = 0; i < example.size(); ++i) {
      if (!example[i].empty()) fmt::print("  {:<10} {}\n", to_lower(entry.head[i]), example[i]);
    }
  }
}

run::ExitCode show(const Context& context, const Reference& reference, const Flags& flags) {
  if (flags.is_markdown) {
    print_markdown(reference);
    return run::ExitCode::kOk;
  }
  if (flags.name.empty()) {
    print_list(context, reference);
    return run::ExitCode::kOk;
  }
  const auto found = std::ranges::find(reference.entries, flags.name, &ReferenceEntry::name);
  if (found != reference.entries.end()) {
    print_entry(context, *found);
    return run::ExitCode::kOk;
  }
  std::vector<std::string> names;
  for (const ReferenceEntry& entry : reference.entries) names.push_back(entry.name);
  const std::string_view near = nearest(flags.name, names);
  const Error error = {
      .code = ErrorCode::kConfig,
      .message = fmt::format("There is no {} {}", reference.noun, printable(flags.name)),
      .hint = near.empty() ? fmt::format("homeroom {} lists them", reference.command)
                           : fmt::format("Did you mean {}?", near),
      .detail = {},
      .position = {}};
  return report_error(context, error);
}

}  // namespace

void add_reference(CLI::App& app, Context& context, run::ExitCode& result, Reference (*make)()) {
  auto flags = std::make_shared<Flags>();
  app.add_option("NAME", flags->name, "The one to explain; none: all are listed");
  app.add_flag("--markdown", flags->is_markdown, "The page of docs/reference");
  app.callback([flags, make, &context, &result] { result = show(context, make(), *flags); });
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F) {
      out += c;
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else {
      out += fmt::format("\\x{:02X}", byte);
    }
  }
  return out;
}

}  // namespace homeroom::cli
