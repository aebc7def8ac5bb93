#include "parse/batch_reader.h"

namespace homeroom::parse {

Status Limits::validate() const {
  const auto bad = [](const char* message, const char* hint) {
    return fail(ErrorCode::kConfig, message, hint);
  };
  if (max_field_bytes == 0) {
    return bad("max_field_bytes is 0, so that no value could be read", "give it at least 1");
  }
  if (max_record_bytes < max_field_bytes) {
    return bad("max_record_bytes is less than max_field_bytes",
               "give it at least as many bytes as one field may have");
  }
  if (max_record_bytes > UINT32_MAX) {
    return bad("max_record_bytes is more than 4 GiB", "give it fewer bytes");
  }
  if (max_columns == 0) {
    return bad("max_columns is 0, so that no row could be read", "give it at least 1");
  }
  if (max_cells_per_batch == 0) {
    return bad("max_cells_per_batch is 0, so that no batch could hold a row", "give it at least 1");
  }
  if (num_threads == 0) {
    return bad("num_threads is 0, so that nothing could be read", "give it at least 1");
  }
  return {};
}

}  // namespace homeroom::parse
