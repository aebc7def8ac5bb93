#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "command.h"
#include "file_flags.h"
#include "files_command.h"
#include "print_report.h"
#include "run/reading/input_stream.h"
#include "sniff/encoding.h"
#include "terminal.h"

namespace homeroom::cli {
namespace {

struct Flags {
  std::string path;
  FileFlags file;
};

void print_dialect(const Context& context, const Flags& flags, const Dialect& dialect) {
  fmt::print("{}: {}, {}, {}\n", printable(flags.path), counted(dialect.num_columns, "column"),
             delimiter_name(dialect.delimiter), dialect.encoding);
  for (const Verdict& verdict : dialect.verdicts) {
    const std::string sure = fmt::format("{:.0f} %", 100 * verdict.confidence);
    fmt::print("  {:<10} {:<16} {:>5}  {}\n", verdict.what, printable(verdict.choice), sure,
               printable(verdict.reason));
    if (!verdict.runner_up.empty()) {
      fmt::print("  {:<10} {}\n", "",
                 styled(context, Style::kDim, "else: " + printable(verdict.runner_up)));
    }
  }
}

Result<Dialect> sniff_file(const Context& context, const Flags& flags) {
  const sniff::Overrides overrides = HOMEROOM_TRY(flags.file.overrides_for(context, flags.path));
  const run::FileHead head = HOMEROOM_TRY(run::read_head(flags.path, flags.file.decompress_limits));
  return sniff::sniff(head.bytes, head.is_whole, overrides);
}

// Bytes that are no table are still in some encoding.
void print_refusal(const Flags& flags, const Error& error) {
  const auto head = run::read_head(flags.path, flags.file.decompress_limits);
  if (!head || head->bytes.empty()) return;
  const sniff::EncodingGuess guess = sniff::guess_encoding(head->bytes, head->is_whole);
  const nlohmann::ordered_json json{{"encoding", guess.name},
                                    {"error", {{"message", error.message}, {"hint", error.hint}}}};
  fmt::print("{}\n", json.dump());
}

run::ExitCode run_sniff(const Context& context, const Flags& flags) {
  Result<Dialect> dialect = sniff_file(context, flags);
  if (!dialect) {
    Error error = dialect.error();
    if (error.code == ErrorCode::kIo) error.code = ErrorCode::kInvalidInput;
    if (context.is_json) print_refusal(flags, error);
    return report_error(context, error);
  }
  if (context.is_json) {
    fmt::print("{}\n", run::to_json(*dialect).dump());
  } else {
    print_dialect(context, flags, *dialect);
  }
  return run::ExitCode::kOk;
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<Flags>();
  app.add_option("FILE", flags->path, "The file")->required();
  flags->file.add_dialect_flags(app);
  flags->file.add_limit_flags(app);
  add_contracts_flag(app, context);
  add_json_flag(app, context);
  app.callback([flags, &context, &result] { result = run_sniff(context, *flags); });
}

}  // namespace

extern const Command command_sniff = {
    .name = "sniff",
    .summary = "Say how a file is written: delimiter, quotes, encoding, header",
    .examples =
        "  homeroom sniff scores.csv\n"
        "  homeroom sniff scores.csv --json\n"
        "  homeroom sniff scores.csv --encoding windows-1252\n",
    .add = add,
};

}  // namespace homeroom::cli
