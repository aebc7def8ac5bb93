#include "parse/records/file_offsets.h"

#include <algorithm>

namespace homeroom::parse {

FileOffsets::FileOffsets(const Dialect& dialect)
    : encoded_size_(dialect.encoding, dialect.is_encoded_twice),
      in_file_(dialect.has_bom ? encoded_size_.bom() : 0) {}

void FileOffsets::convert(std::string_view text, std::span<Issue> issues,
                          std::span<RaggedRow> ragged) {
  places_.clear();
  for (Issue& issue : issues) {
    if (issue.byte_offset) places_.push_back(&*issue.byte_offset);
  }
  for (RaggedRow& row : ragged) places_.push_back(&row.byte_offset);
  std::ranges::sort(places_, {}, [](const std::uint64_t* place) { return *place; });
  std::size_t done = 0;
  std::uint64_t in_file = in_file_;
  for (std::uint64_t* place : places_) {
    const auto at = std::min<std::size_t>(*place - in_text_, text.size());
    in_file += encoded_size_.of(text.substr(done, at - done));
    done = at;
    *place = in_file;
  }
  in_text_ += text.size();
  in_file_ = in_file + encoded_size_.of(text.substr(done));
}

Error FileOffsets::at_end(Error error) const {
  if (error.position.line > 0) error.position.byte_offset = in_file_;
  return error;
}

}  // namespace homeroom::parse
