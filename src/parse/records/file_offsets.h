#pragma once

// Places in the decoded text -> places in the file.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/encoded_size.h"
#include "base/result.h"
#include "table/batch.h"
#include "table/dialect.h"
#include "table/issue.h"

namespace homeroom::parse {

/// Goes through the text from front to back; what is said of each part says where it stands in the
/// text, and is told where that is in the file. Costs nothing where both are the same.
class FileOffsets {
 public:
  explicit FileOffsets(const Dialect& dialect);

  /// `text` goes on where the one before ended; the places are in it.
  void convert(std::string_view text, std::span<Issue> issues, std::span<RaggedRow> ragged);

  /// The same for an error at the end of what was converted so far.
  [[nodiscard]] Error at_end(Error error) const;

 private:
  EncodedSize encoded_size_;
  std::uint64_t in_text_ = 0;  ///< of the next text
  std::uint64_t in_file_ = 0;
  std::vector<std::uint64_t*> places_;  ///< of one call; its memory stays
};

}  // namespace homeroom::parse
