#include "run/history/as_of.h"

#include <cstdio>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "command.h"
#include "file_flags.h"
#include "files_command.h"
#include "io/file.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

struct Flags {
  run::AsOfRequest request;
  std::string out;
};

class StdoutSink : public ByteSink {
 public:
  Status write(std::span<const char> bytes) override {
    if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size()) return {};
    return fail(ErrorCode::kIo, "cannot write to stdout");
  }
};

Result<run::AsOfAnswer> write(const Context& context, const Flags& flags) {
  const auto warehouse = HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kRead, nullptr));
  io::Connection connection = HOMEROOM_TRY(warehouse->connect());
  if (flags.out.empty()) {
    StdoutSink sink;
    return run::write_as_of(connection, flags.request, sink);
  }
  const auto file = HOMEROOM_TRY(io::FileWriter::create(flags.out, io::FileAccess::kPrivate));
  run::AsOfAnswer answer = HOMEROOM_TRY(run::write_as_of(connection, flags.request, *file));
  HOMEROOM_TRY(file->commit());
  return answer;
}

void say(const Context& context, const Flags& flags, const run::AsOfAnswer& answer) {
  if (context.is_json) {
    const nlohmann::ordered_json document{{"schema_version", run::kReportSchemaVersion},
                                          {"dataset", flags.request.table},
                                          {"known_at", answer.known_at},
                                          {"zone", answer.zone},
                                          {"true_on", flags.request.true_on},
                                          {"version", answer.version},
                                          {"made_at", answer.made_at},
                                          {"rows", answer.num_rows},
                                          {"out", flags.out}};
    fmt::print("{}\n", document.dump(2));
    return;
  }
  if (context.is_quiet) return;
  const std::string known = answer.known_at == "infinity"
                                ? std::string("now")
                                : fmt::format("at {} ({})", answer.known_at, answer.zone);
  fmt::print(stderr, "{} of data.{} as known {}{}: {}\n", counted(answer.num_rows, "row"),
             flags.request.table, known,
             flags.request.true_on.empty() ? std::string() : ", true on " + flags.request.true_on,
             answer.version == 0 ? std::string("nothing was loaded by then")
                                 : fmt::format("version {} of {}", answer.version, answer.made_at));
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<Flags>();
  app.add_option("DATASET", flags->request.table, "Data set or table of schema data")->required();
  app.add_option("--known", flags->request.known_at,
                 "What was known at the end of that day, or at that time with its offset; now");
  app.add_option("--true-on", flags->request.true_on, "Of that, what was true on that day");
  app.add_option("--zone", flags->request.zone,
                 "Time zone of days, as America/New_York; the database's");
  CLI::Option* out =
      app.add_option("--out", flags->out, "CSV file to write; stdout when it is not given");
  add_data_flags(app, context);
  add_json_flag(app, context);
  app.get_option("--json")->needs(out);
  app.callback([flags, &context, &result] {
    const auto answer = write(context, *flags);
    if (answer) {
      say(context, *flags, *answer);
    } else {
      result = report_error(context, answer.error());
    }
  });
}

}  // namespace

extern const Command command_as_of = {
    .name = "as-of",
    .summary = "Write a data set as it stood: known on a day, true on a day",
    .examples =
        "  homeroom as-of enrollments --known 2025-10-03 --true-on 2025-10-01 --out count_day.csv\n"
        "  homeroom as-of attendance_daily --known \"2025-11-03 08:00-05\"\n",
    .add = add,
};

}  // namespace homeroom::cli
