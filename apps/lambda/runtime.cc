#include "runtime.h"

#include <charconv>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>  // IWYU pragma: keep
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace homeroom::lambda {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Tcp = asio::ip::tcp;

constexpr std::string_view kVersion = "/2018-06-01/runtime/";
constexpr std::uint64_t kMostBytes = 64 << 20;  // events are at most 6 MB

tl::unexpected<Error> unreachable(const beast::error_code& code) {
  return fail_with_detail(ErrorCode::kIo, "the Lambda runtime does not answer",
                          "this program runs under Lambda, or its emulator", code.message());
}

std::string error_json(const Error& error) {
  const nlohmann::ordered_json json = {
      {"errorMessage", error.hint.empty() ? error.message : error.message + ": " + error.hint},
      {"errorType", fmt::format("Homeroom.{}", static_cast<int>(error.code))},
      {"stackTrace", nlohmann::ordered_json::array()}};
  return json.dump();
}

class TcpRuntime final : public Runtime {
 public:
  TcpRuntime(std::string host, std::string port)
      : host_(std::move(host)), port_(std::move(port)), stream_(context_) {}

  Status connect() {
    beast::error_code code;
    Tcp::resolver resolver(context_);
    const auto ends = resolver.resolve(host_, port_, code);
    if (!code) stream_.connect(ends, code);
    if (code) return unreachable(code);
    return {};
  }

  Result<Invocation> next() override {
    const auto got = HOMEROOM_TRY(exchange(http::verb::get, "invocation/next", {}));
    Invocation invocation;
    invocation.request_id = std::string(got["Lambda-Runtime-Aws-Request-Id"]);
    const std::string deadline(got["Lambda-Runtime-Deadline-Ms"]);
    std::int64_t milliseconds = 0;
    std::from_chars(deadline.data(), deadline.data() + deadline.size(), milliseconds);
    invocation.deadline =
        std::chrono::system_clock::time_point(std::chrono::milliseconds(milliseconds));
    invocation.event = got.body();
    return invocation;
  }

  Status answer(const std::string& request_id, std::string_view json) override {
    return post(fmt::format("invocation/{}/response", request_id), json);
  }

  Status fail(const std::string& request_id, const Error& error) override {
    return post(fmt::format("invocation/{}/error", request_id), error_json(error));
  }

  Status fail_to_start(const Error& error) override {
    return post("init/error", error_json(error));
  }

 private:
  Status post(const std::string& path, std::string_view body) {
    HOMEROOM_TRY(exchange(http::verb::post, path, body));
    return {};
  }

  Result<http::response<http::string_body>> exchange(http::verb method, std::string_view path,
                                                     std::string_view body) {
    http::request<http::string_body> request(method, fmt::format("{}{}", kVersion, path), 11);
    request.set(http::field::host, host_ + ":" + port_);
    request.set(http::field::user_agent, "homeroom");
    if (method == http::verb::post) {
      request.set(http::field::content_type, "application/json");
      request.set("Lambda-Runtime-Function-Error-Type", "Homeroom");
      request.body() = body;
    }
    request.prepare_payload();
    beast::error_code code;
    http::write(stream_, request, code);
    if (code) return unreachable(code);
    http::response_parser<http::string_body> parser;
    parser.body_limit(kMostBytes);
    http::read(stream_, buffer_, parser, code);
    if (code) return unreachable(code);
    http::response<http::string_body> got = parser.release();
    if (!got.keep_alive()) {
      stream_.close();
      HOMEROOM_TRY(connect());
    }
    if (got.result_int() < 300) return got;
    return fail_with_detail(ErrorCode::kIo, "the Lambda runtime refuses", "see its log",
                            fmt::format("{} {}", got.result_int(), got.body()));
  }

  std::string host_;
  std::string port_;
  asio::io_context context_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
};

}  // namespace

Result<std::unique_ptr<Runtime>> Runtime::connect(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) {
    return homeroom::fail(ErrorCode::kConfig, "AWS_LAMBDA_RUNTIME_API is not set",
                          "this program runs under Lambda, or its emulator");
  }
  auto runtime = std::make_unique<TcpRuntime>(address.substr(0, colon), address.substr(colon + 1));
  HOMEROOM_TRY(runtime->connect());
  return runtime;
}

}  // namespace homeroom::lambda
