#pragma once

// The answer of ListObjectsV2.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/s3/s3_client.h"

namespace homeroom::io {

struct S3Page {
  std::vector<S3Object> objects;  ///< in the order of their keys: address, size and time
  std::string next;               ///< asks for the page after this; empty: there is none
};

/// Keys and the token are URL-encoded in the answer (`encoding-type=url`), and not in the result.
/// Errors: kIo when it is no such answer.
[[nodiscard]] Result<S3Page> parse_s3_page(std::string_view xml, const std::string& bucket);

/// "a+b%2Fc" as "a b/c"; what is no escape stays.
[[nodiscard]] std::string url_decoded(std::string_view text);

}  // namespace homeroom::io
