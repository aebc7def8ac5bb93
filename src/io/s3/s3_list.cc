#include "io/s3/s3_list.h"

#include <charconv>

#include <aws/common/date_time.h>
#include <aws/common/xml_parser.h>

#include "io/s3/aws_handle.h"

namespace homeroom::io {
namespace {

struct Reading {
  S3Page page;
  S3Object object;
  std::string bucket;
  bool is_encoded = false;
};

int hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  const char lower = static_cast<char>(digit | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::int64_t seconds_of(std::string_view text) {
  const aws_byte_cursor cursor = cursor_of(text);
  aws_date_time time{};
  const int parsed = aws_date_time_init_from_str_cursor(&time, &cursor, AWS_DATE_FORMAT_ISO_8601);
  return parsed == AWS_OP_SUCCESS ? static_cast<std::int64_t>(aws_date_time_as_epoch_secs(&time))
                                  : 0;
}

// Keys are URL-encoded, and nothing else that is read here can hold an escape of XML.
std::string body_of(aws_xml_node* node) {
  aws_byte_cursor text{};
  if (aws_xml_node_as_body(node, &text) != AWS_OP_SUCCESS) return {};
  return std::string(text_of(text));
}

int read_object(aws_xml_node* node, void* to) {
  S3Object& object = static_cast<Reading*>(to)->object;
  const aws_byte_cursor name_cursor = aws_xml_node_get_name(node);
  const std::string name(text_of(name_cursor));
  if (name == "Key") object.at.key = body_of(node);
  if (name == "LastModified") object.modified_s = seconds_of(body_of(node));
  if (name == "Size") {
    const std::string size = body_of(node);
    std::from_chars(size.data(), size.data() + size.size(), object.size_bytes);
  }
  return AWS_OP_SUCCESS;
}

int read_part(aws_xml_node* node, void* to) {
  Reading& reading = *static_cast<Reading*>(to);
  const aws_byte_cursor name_cursor = aws_xml_node_get_name(node);
  const std::string name(text_of(name_cursor));
  if (name == "NextContinuationToken") reading.page.next = body_of(node);
  if (name == "EncodingType") reading.is_encoded = body_of(node) == "url";
  if (name != "Contents") return AWS_OP_SUCCESS;
  reading.object = {};
  const int read = aws_xml_node_traverse(node, read_object, to);
  reading.object.at.bucket = reading.bucket;
  reading.page.objects.push_back(std::move(reading.object));
  return read;
}

int read_root(aws_xml_node* node, void* to) {
  const aws_byte_cursor name = aws_xml_node_get_name(node);
  if (text_of(name) != "ListBucketResult") return aws_raise_error(AWS_ERROR_INVALID_XML);
  return aws_xml_node_traverse(node, read_part, to);
}

}  // namespace

std::string url_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && i + 2 < text.size();
    const int high = is_escape ? hex_digit(text[i + 1]) : -1;
    const int low = is_escape ? hex_digit(text[i + 2]) : -1;
    if (high >= 0 && low >= 0) {
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

Result<S3Page> parse_s3_page(std::string_view xml, const std::string& bucket) {
  Reading reading;
  reading.bucket = bucket;
  const aws_xml_parser_options options{.doc = cursor_of(xml),
                                       .max_depth = 0,
                                       .on_root_encountered = read_root,
                                       .user_data = &reading};
  if (aws_xml_parse(aws_default_allocator(), &options) != AWS_OP_SUCCESS) {
    return fail_with_detail(ErrorCode::kIo, "the store's list of objects cannot be read",
                            "see whether its address is that of an S3 store",
                            aws_error_debug_str(aws_last_error()));
  }
  if (reading.is_encoded) {
    for (S3Object& object : reading.page.objects) object.at.key = url_decoded(object.at.key);
  }
  return std::move(reading.page);
}

}  // namespace homeroom::io
