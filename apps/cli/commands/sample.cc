#include "sample/sample.h"

#include <string>

#include <fmt/format.h>

#include "base/text.h"
#include "command.h"
#include "files_command.h"
#include "terminal.h"

namespace homeroom::cli {
namespace {

struct Flags {
  std::string out;
  sample::Options options;
};

run::ExitCode run_sample(const Context& context, const Flags& flags) {
  const auto files = sample::write_district(flags.out, flags.options);
  if (!files) return report_error(context, files.error());
  if (context.is_quiet) return run::ExitCode::kOk;
  Table table({{"FILE"}, {"ROWS", Table::Align::kRight}, {"WHAT IS WRONG WITH IT"}});
  for (const sample::WrittenFile& file : *files) {
    table.add({file.path, with_thousands(file.num_rows), file.dirt});
  }
  fmt::print("A district that does not exist, in {}:\n{}\nNext: homeroom run {}\n", flags.out,
             table.text(context), flags.out);
  return run::ExitCode::kOk;
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<Flags>();
  app.add_option("--out", flags->out, "Folder to write to")->required();
  app.add_option("--students", flags->options.students, "How many students")->capture_default_str();
  app.add_option("--seed", flags->options.seed, "Same seed, same bytes")->capture_default_str();
  app.callback([flags, &context, &result] { result = run_sample(context, *flags); });
}

}  // namespace

extern const Command command_sample = {
    .name = "sample",
    .summary = "Write the files of a made-up district, dirty the way real exports are",
    .examples =
        "  homeroom sample --out district\n"
        "  homeroom sample --out district --students 500 --seed 7\n",
    .add = add,
};

}  // namespace homeroom::cli
