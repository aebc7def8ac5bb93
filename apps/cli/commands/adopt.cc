#include "run/adopt/adopt.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "base/text.h"
#include "command.h"
#include "contract/contract_files.h"
#include "contract/profile/profiled_contracts.h"
#include "file_flags.h"
#include "files_command.h"
#include "source/folder.h"
#include "terminal.h"

namespace homeroom::cli {
namespace {

struct Flags {
  std::string name;
  std::string out;
  FileFlags file;
};

Status check_name(const std::string& name) {
  if (name.empty() || (fold_name(name) == name && name.size() <= 59)) return {};
  return fail(ErrorCode::kConfig, fmt::format("{} is no name of a data set", printable(name)),
              fmt::format("write small letters, digits and underscores: {}", fold_name(name)));
}

Result<source::InputFile> the_file(const FileFlags& flags) {
  source::FoundFiles found = source::find_files(flags.paths);
  if (!found.unusable.empty()) return tl::unexpected(found.unusable.front().error);
  if (found.files.size() != 1) {
    return fail(ErrorCode::kConfig,
                fmt::format("adopt takes one file, and there are {}", found.files.size()),
                "give the path of one file");
  }
  return std::move(found.files.front());
}

// A contract that a person may have edited is never written over.
Status write_new(const std::filesystem::path& path, const std::string& text) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  if (std::filesystem::exists(path, error)) {
    return fail(ErrorCode::kConfig, fmt::format("{} is there already", path.string()),
                "move it away, or give another --out");
  }
  std::ofstream stream(path, std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) return fail(ErrorCode::kIo, fmt::format("cannot write {}", path.string()));
  return {};
}

bool is_stopped(const run::FileReport& report) {
  return report.status == run::FileStatus::kHeld || report.status == run::FileStatus::kRefused;
}

void say_result(const Context& context, const Flags& flags, const run::Adopted& adopted) {
  if (context.is_quiet) return;
  const catalog::RowCounts& rows = adopted.report.rows;
  if (is_stopped(adopted.report)) {
    fmt::print(stderr,
               "{}: the contract is written, but by it the file would be held: {}\n"
               "  correct the contract, or have the file exported otherwise\n",
               adopted.dataset, printable(adopted.report.reason));
  } else {
    fmt::print(stderr, "{}: {} of {} would be loaded\n", adopted.dataset,
               with_thousands(rows.loaded), counted(rows.read, "row"));
  }
  const std::string folder = flags.out.empty() ? "FOLDER" : flags.out;
  fmt::print(stderr, "  homeroom contract lint {}\n  homeroom run {} --contracts {}\n", folder,
             printable(flags.file.paths.front()), folder);
}

Result<run::ExitCode> adopt(const Context& context, const Flags& flags) {
  HOMEROOM_TRY(check_name(flags.name));
  const auto contracts = HOMEROOM_TRY(contract::ProfiledContracts::load(context.contracts_folder));
  contract::ContractFiles files;
  if (!context.contracts_folder.empty()) HOMEROOM_TRY(files.add(context.contracts_folder));
  const run::Settings settings = HOMEROOM_TRY(flags.file.settings(*contracts));
  const source::InputFile input = HOMEROOM_TRY(the_file(flags.file));
  const run::Adopted adopted =
      HOMEROOM_TRY(run::adopt_file(input, settings, flags.name, files, steady_seconds));
  if (flags.out.empty()) {
    fmt::print("{}", adopted.text);
  } else {
    const auto path = std::filesystem::path(flags.out) / (adopted.dataset + ".odcs.yaml");
    HOMEROOM_TRY(write_new(path, adopted.text));
    fmt::print("{}\n", path.string());
  }
  say_result(context, flags, adopted);
  return run::exit_code_of(adopted.report);  // as of `check` with the new contract
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<Flags>();
  flags->file.add_to(app, context);
  app.add_option("--name", flags->name, "Name of the data set; else made from the file's name");
  app.add_option("--out", flags->out, "Folder for NAME.odcs.yaml; else it is printed");
  app.callback([flags, &context, &result] {
    const Result<run::ExitCode> done = adopt(context, *flags);
    result = done ? *done : report_error(context, done.error());
  });
}

}  // namespace

extern const Command command_adopt = {
    .name = "adopt",
    .summary = "Write a contract for a file that fits none, with the reasons as comments",
    .examples =
        "  homeroom adopt bus_routes.csv --out lincoln\n"
        "  homeroom adopt scores.csv --name reading_scores > reading_scores.odcs.yaml\n",
    .add = add,
};

}  // namespace homeroom::cli
