#pragma once

// Lines whose columns stand at fixed places -> Batches.

#include <memory>

#include "base/byte_source.h"
#include "base/result.h"
#include "parse/batch_reader.h"
#include "table/dialect.h"

namespace homeroom::parse {

/// As BatchReader::create, for a dialect with a layout. Places count characters, not bytes. The
/// blanks that fill a column up are not part of its value. A line is ragged when something stands
/// behind the last column, or when it is shorter than the lines of the file all are; where their
/// lengths vary, what a short line lacks is empty.
[[nodiscard]] Result<std::unique_ptr<BatchReader>> create_fixed_width_reader(ByteSource& source,
                                                                             const Dialect& dialect,
                                                                             const Limits& limits);

}  // namespace homeroom::parse
