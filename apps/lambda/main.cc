// The Lambda function: raw objects in, clean ones out. docs/reference/lambda.md

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "handler.h"
#include "io/s3/s3_client.h"
#include "runtime.h"

namespace homeroom::lambda {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
  return value == nullptr ? std::string() : std::string(value);
}

// A line each; CloudWatch reads standard output.
void log_line(const nlohmann::ordered_json& line) {
  const std::string text =
      line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

Options options_from_environment() {
  Options options;
  const std::string bucket = environment("HOMEROOM_CLEAN_BUCKET");
  if (!bucket.empty()) options.clean_store = io::is_s3_url(bucket) ? bucket : "s3://" + bucket;
  options.contracts = environment("HOMEROOM_CONTRACTS");
  const std::string name = environment("AWS_LAMBDA_FUNCTION_NAME");
  if (!name.empty()) options.function = name;
  const std::string speed = environment("HOMEROOM_BYTES_PER_SECOND");
  std::uint64_t said = 0;
  std::from_chars(speed.data(), speed.data() + speed.size(), said);
  if (said > 0) options.bytes_per_second = said;
  return options;
}

// Little memory: few parts at a time.
io::S3Options s3_options() {
  io::S3Options options;
  options.num_connections = 4;
  options.encryption = environment("HOMEROOM_S3_SSE");
  options.kms_key = environment("HOMEROOM_S3_KMS_KEY");
  return options;
}

int say(const Error& error) {
  log_line({{"level", "error"},
            {"message", error.message},
            {"hint", error.hint},
            {"detail", error.detail}});
  return 1;
}

int serve() {
  auto runtime = Runtime::connect(environment("AWS_LAMBDA_RUNTIME_API"));
  if (!runtime) return say(runtime.error());
  io::use_s3(s3_options());
  auto handler = Handler::create(options_from_environment(), log_line);
  if (!handler) {
    if (const Status told = (*runtime)->fail_to_start(handler.error()); !told) say(told.error());
    return say(handler.error());
  }
  for (;;) {
    const auto invocation = (*runtime)->next();
    if (!invocation) return say(invocation.error());
    const auto answer = (*handler)->handle(invocation->event, invocation->deadline);
    if (!answer) say(answer.error());
    const Status told = answer ? (*runtime)->answer(invocation->request_id, answer->dump())
                               : (*runtime)->fail(invocation->request_id, answer.error());
    if (!told) return say(told.error());
  }
}

}  // namespace
}  // namespace homeroom::lambda

int main() {
  namespace lambda = homeroom::lambda;
  try {
    return lambda::serve();
  } catch (const std::exception& error) {
    return lambda::say({.code = homeroom::ErrorCode::kInternal,
                        .message = error.what(),
                        .hint = "please report it",
                        .detail = {},
                        .position = {}});
  }
}
