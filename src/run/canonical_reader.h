#pragma once

// Objects of the store that we wrote ourselves (clean/, quarantine/) as batches: nothing to guess.

#include <memory>

#include "base/byte_source.h"
#include "base/result.h"
#include "parse/batch_reader.h"

namespace homeroom::run {

/// `source` must outlive the reader. Values and rows may be as long as they are.
[[nodiscard]] Result<std::unique_ptr<parse::BatchReader>> open_canonical(ByteSource& source);

}  // namespace homeroom::run
