#include <string>

#include <fmt/format.h>

#include "command.h"
#include "file_flags.h"
#include "files_command.h"
#include "io/file.h"
#include "parse/batch_reader.h"
#include "run/reading/input_stream.h"
#include "terminal.h"

namespace homeroom::cli {
namespace {

struct Flags {
  std::string path;
  std::string out;
  FileFlags file;
};

Status write_parsed(const Context& context, const Flags& flags) {
  const sniff::Overrides overrides = HOMEROOM_TRY(flags.file.overrides_for(context, flags.path));
  const run::FileHead head = HOMEROOM_TRY(run::read_head(flags.path, flags.file.decompress_limits));
  const auto out = HOMEROOM_TRY(io::FileWriter::create(flags.out));
  if (head.bytes.empty()) {
    if (!context.is_quiet) fmt::print(stderr, "{}: the file is empty\n", printable(flags.path));
    return out->commit();
  }
  const Dialect dialect = HOMEROOM_TRY(sniff::sniff(head.bytes, head.is_whole, overrides));
  run::Settings settings;
  settings.limits = flags.file.reading_limits();
  settings.decompress_limits = flags.file.decompress_limits;
  const auto stream = HOMEROOM_TRY(
      run::InputStream::open(flags.path, dialect, settings, run::InputStream::Purpose::kReadAgain));
  HOMEROOM_TRY(parse::write_canonical(stream->reader(), *out));
  HOMEROOM_TRY(stream->finish());
  for (const Issue& issue : stream->reader().issues()) {
    if (context.is_quiet) break;
    fmt::print(stderr, "{}:{}: {}\n", printable(flags.path), issue.line, printable(issue.message));
  }
  return out->commit();
}

run::ExitCode run_parse(const Context& context, const Flags& flags) {
  const Status written = write_parsed(context, flags);
  if (written) return run::ExitCode::kOk;
  Error error = written.error();
  const bool is_input = error.message.find(flags.path) != std::string::npos;
  if (error.code == ErrorCode::kIo && is_input) error.code = ErrorCode::kInvalidInput;
  return report_error(context, error);
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<Flags>();
  app.add_option("FILE", flags->path, "The file")->required();
  app.add_option("--out", flags->out, "Where the CSV goes")->required();
  flags->file.add_dialect_flags(app);
  flags->file.add_limit_flags(app);
  add_contracts_flag(app, context);
  app.callback([flags, &context, &result] { result = run_parse(context, *flags); });
}

}  // namespace

extern const Command command_parse = {
    .name = "parse",
    .summary = "Write a file again as plain CSV (UTF-8, comma, LF), values untouched",
    .examples =
        "  homeroom parse export.txt --out export.csv\n"
        "  homeroom parse export.txt --out export.csv --delimiter pipe --quote none\n",
    .add = add,
};

}  // namespace homeroom::cli
