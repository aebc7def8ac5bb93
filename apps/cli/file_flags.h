#pragma once

// The flags that commands over files share, and what they mean to the pipeline.

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/result.h"
#include "context.h"
#include "contract/profile/profiled_contracts.h"
#include "io/decompress/decompress.h"
#include "parse/batch_reader.h"
#include "run/settings.h"

namespace homeroom::cli {

/// What the user said of how the files are written and what they are.
struct FileFlags {
  std::vector<std::string> paths;
  std::string delimiter;
  std::string quote;
  std::string escape;
  std::string encoding;
  std::string dataset;
  std::string profile;
  int preamble_lines = -1;
  int header_lines = -1;
  int units_lines = -1;
  int school_year = 0;
  bool no_unique = false;
  bool is_read_afresh = false;
  bool tries_again = false;  ///< also files in the middle of which the program ended before
  bool keeps_changes = false;
  std::string html;  ///< where the reports go as one page; empty: nowhere
  parse::Limits limits;
  io::DecompressLimits decompress_limits;
  int num_threads;  ///< those of the machine, up to four

  FileFlags();

  /// --delimiter, --quote, --escape, --encoding, --preamble-lines, --header-lines, --units-lines.
  void add_dialect_flags(CLI::App& app);
  /// --max-field-bytes, --max-row-bytes, --max-columns, --max-ratio.
  void add_limit_flags(CLI::App& app);
  /// --changes: of the commands that write files.
  void add_changes_flag(CLI::App& app);
  /// PATH..., --dataset, --profile, --school-year, --no-unique, --html, --threads, --contracts, the
  /// dialect's and the limits.
  void add_to(CLI::App& app, Context& context);

  /// Errors: kConfig for a quote of more than one character.
  [[nodiscard]] Result<sniff::Overrides> overrides() const;
  /// `overrides`, and what the contract that knows the file by its name says besides.
  /// Errors: those of the contracts.
  [[nodiscard]] Result<sniff::Overrides> overrides_for(const Context& context,
                                                       const std::string& path) const;
  /// `limits`, where a row may be at least as long as one value.
  [[nodiscard]] parse::Limits reading_limits() const;
  /// What was said besides the dialect: " dataset=course_marks".
  [[nodiscard]] std::string as_text() const;
  /// `contracts` outlives the settings.
  [[nodiscard]] Result<run::Settings> settings(contract::ProfiledContracts& contracts) const;
};

void add_json_flag(CLI::App& app, Context& context);
void add_data_flags(CLI::App& app, Context& context);  ///< --data, --db
void add_contracts_flag(CLI::App& app, Context& context);

}  // namespace homeroom::cli
