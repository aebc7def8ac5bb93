#pragma once

// A reader with a chosen kernel: for tests that hold the kernels against each other.

#include <memory>

#include "base/byte_source.h"
#include "base/result.h"
#include "parse/batch_reader.h"
#include "parse/scan/structural_scan.h"
#include "table/dialect.h"

namespace homeroom::parse {

/// As BatchReader::create. kNone: every record is cut the careful way.
[[nodiscard]] Result<std::unique_ptr<BatchReader>> create_reader(ByteSource& source,
                                                                 const Dialect& dialect,
                                                                 const Limits& limits,
                                                                 Kernel kernel);

}  // namespace homeroom::parse
