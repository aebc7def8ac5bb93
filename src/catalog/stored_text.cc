#include "catalog/stored_text.h"

#include <cstddef>

#include "base/encoding.h"

namespace homeroom::catalog {

Result<std::string> stored_text(std::string_view text) {
  std::string stored = HOMEROOM_TRY(decode_all(text, "utf-8"));
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  for (std::size_t at = stored.find('\0'); at != std::string::npos; at = stored.find('\0', at)) {
    stored.replace(at, 1, kReplacement);
  }
  return stored;
}

}  // namespace homeroom::catalog
