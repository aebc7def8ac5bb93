// homeroom contract docs DATASET: a page for the person who sends the file.

#include <memory>
#include <string>

#include <fmt/format.h>

#include "contract/actions.h"
#include "contract/find.h"
#include "file_flags.h"
#include "files_command.h"
#include "publish/contract_page.h"

namespace homeroom::cli {
namespace {

struct Flags {
  std::string dataset;
  std::string format = "markdown";
};

Status write_docs(const Context& context, const Flags& flags) {
  const contract::ContractSet contracts =
      HOMEROOM_TRY(contract::ContractSet::load(context.contracts_folder));
  const contract::Contract& contract = *HOMEROOM_TRY(find_dataset(contracts, flags.dataset));
  fmt::print("{}", publish::write_contract_page(contract, flags.format == "html"
                                                              ? publish::PageFormat::kHtml
                                                              : publish::PageFormat::kMarkdown));
  return {};
}

}  // namespace

void add_contract_docs(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<Flags>();
  app.add_option("DATASET", flags->dataset, "Name of the data set")->required();
  app.add_option("--format", flags->format, "markdown or html")
      ->capture_default_str()
      ->check(CLI::IsMember({"markdown", "html"}));
  add_contracts_flag(app, context);
  app.footer(
      "Examples:\n"
      "  homeroom contract docs attendance_daily --format html > attendance.html\n");
  app.callback([flags, &context, &result] {
    if (const Status done = write_docs(context, *flags); !done) {
      result = report_error(context, done.error());
    }
  });
}

}  // namespace homeroom::cli
