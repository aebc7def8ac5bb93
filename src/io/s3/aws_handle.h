#pragma once

// Owners of what AWS's C libraries count references of.

#include <memory>

#include <aws/auth/credentials.h>
#include <aws/common/byte_buf.h>
#include <aws/http/request_response.h>
#include <aws/io/channel_bootstrap.h>
#include <aws/io/tls_channel_handler.h>
#include <aws/io/uri.h>
#include <aws/s3/s3_client.h>

namespace homeroom::io {

template <auto kRelease>
struct Releases {
  template <class Type>
  void operator()(Type* it) const {
    kRelease(it);
  }
};

template <class Type, auto kRelease>
using AwsHandle = std::unique_ptr<Type, Releases<kRelease>>;

using AwsMessage = AwsHandle<aws_http_message, aws_http_message_release>;
using AwsMetaRequest = AwsHandle<aws_s3_meta_request, aws_s3_meta_request_release>;
using AwsS3Client = AwsHandle<aws_s3_client, aws_s3_client_release>;
using AwsBootstrap = AwsHandle<aws_client_bootstrap, aws_client_bootstrap_release>;
using AwsCredentials = AwsHandle<aws_credentials_provider, aws_credentials_provider_release>;
using AwsTls = AwsHandle<aws_tls_ctx, aws_tls_ctx_release>;

/// Bytes that `text` owns.
[[nodiscard]] inline aws_byte_cursor cursor_of(std::string_view text) {
  return aws_byte_cursor_from_array(text.data(), text.size());
}

[[nodiscard]] inline std::string_view text_of(const aws_byte_cursor& cursor) {
  return {reinterpret_cast<const char*>(cursor.ptr), cursor.len};
}

}  // namespace homeroom::io
