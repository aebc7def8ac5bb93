#include <string>
#include <string_view>

#include <fmt/format.h>

#include "io/s3/s3_client.h"

namespace homeroom::io {

namespace {

constexpr std::string_view kScheme = "s3://";

}  // namespace

bool is_s3_url(std::string_view text) {
  return text.starts_with(kScheme);
}

Result<S3Url> parse_s3_url(std::string_view text) {
  if (is_s3_url(text)) {
    std::string_view rest = text.substr(kScheme.size());
    const std::size_t slash = rest.find('/');
    const std::string_view bucket = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    if (!bucket.empty()) return S3Url{std::string(bucket), std::string(rest)};
  }
  return fail(ErrorCode::kInvalidInput, fmt::format("{} is no address of S3", text),
              "write s3://bucket/folder or s3://bucket/folder/file.csv");
}

}  // namespace homeroom::io
