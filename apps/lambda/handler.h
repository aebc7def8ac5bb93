#pragma once

// What the function does with an event: each object that it names is cleaned from the raw bucket
// into the clean one, in a stream, without any database.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/result.h"
#include "contract/profile/profiled_contracts.h"
#include "event.h"
#include "io/store.h"
#include "run/report.h"
#include "run/settings.h"

namespace homeroom::lambda {

struct Options {
  std::string clean_store;  ///< "s3://bucket": clean/, quarantine/ and runs/ go there
  std::string contracts;    ///< "s3://bucket/prefix" of a district's own contracts; may be empty
  std::string scratch = "/tmp";
  std::string function = "homeroom-clean";
  /// How fast a file is cleaned here, at the least: what would not be done in the time left goes
  /// to the Spark job.
  std::uint64_t bytes_per_second = 8'000'000;
};

/// Until when the answer must be there.
using Deadline = std::chrono::system_clock::time_point;

/// A line of the log: JSON, with counts and names of data sets, never a key or a value.
using Log = std::function<void(const nlohmann::ordered_json&)>;

class Handler {
 public:
  /// Errors: kConfig for settings and contracts that are wrong; those of the store.
  [[nodiscard]] static Result<std::unique_ptr<Handler>> create(const Options& options, Log log);

  /// The answer. Of one object:
  ///     {"status":"cleaned","bucket":"raw","key":"sis/a.csv","version_id":"","dataset":"students",
  ///      "clean":["clean/..."],"report":"runs/a-1f2e3d4c.json","rows":{"read":10,...}}
  /// with status `cleaned`, `held`, `refused`, `skipped` (no table by its name), `gone` or
  /// `too_large`; of several, {"files":[...]}; of a queue, {"batchItemFailures":[...]}.
  ///
  /// The same object gives the same answer and the same objects, byte for byte.
  /// Errors: the store's, and events that are none: the caller is to try again, or give up.
  [[nodiscard]] Result<nlohmann::ordered_json> handle(std::string_view event, Deadline deadline);

 private:
  Handler(Options options, Log log) : options_(std::move(options)), log_(std::move(log)) {}

  [[nodiscard]] Result<nlohmann::ordered_json> clean(const io::S3Url& at, Deadline deadline);
  [[nodiscard]] nlohmann::ordered_json handle_batch(const Event& event, Deadline deadline);
  [[nodiscard]] run::Settings settings_for(const io::S3Object& object) const;
  void measure(const run::FileReport& report, std::string_view status, double seconds) const;

  Options options_;
  Log log_;
  std::unique_ptr<contract::ProfiledContracts> contracts_;
  std::unique_ptr<io::Store> store_;
};

}  // namespace homeroom::lambda
