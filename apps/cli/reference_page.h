#pragma once

// Rules and checks as people read them: a list, one with its examples, and the pages of
// docs/reference.

#include <string>
#include <string_view>
#include <vector>

#include "command.h"

namespace homeroom::cli {

/// A rule or check.
struct ReferenceEntry {
  std::string name;
  std::string summary;
  std::vector<std::string> facts;                  ///< one sentence each
  std::vector<std::string> head;                   ///< of the table of examples
  std::vector<std::vector<std::string>> examples;  ///< its rows
};

struct Reference {
  std::string_view title;      ///< "Cleaning rules"
  std::string_view command;    ///< "rules"
  std::string_view noun;       ///< "cleaning rule"
  std::string_view beginning;  ///< of the page, as Markdown
  std::vector<ReferenceEntry> entries;
};

/// Adds [NAME] and --markdown, and what they do.
void add_reference(CLI::App& app, Context& context, run::ExitCode& result, Reference (*make)());

/// `text` with what does not print written as \u{...}.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace homeroom::cli
