#include "run/canonical_reader.h"

#include <limits>

#include "table/dialect.h"

namespace homeroom::run {

Result<std::unique_ptr<parse::BatchReader>> open_canonical(ByteSource& source) {
  parse::Limits limits;
  limits.max_field_bytes = std::numeric_limits<std::uint32_t>::max() / 2;
  limits.max_record_bytes = std::numeric_limits<std::uint32_t>::max() / 2;
  return parse::BatchReader::create(source, Dialect{}, limits);
}

}  // namespace homeroom::run
