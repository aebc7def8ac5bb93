#pragma once

#include <string_view>

namespace homeroom {

/// A file of the repository that was compiled into the program (cmake/EmbedFiles.cmake).
struct EmbeddedFile {
  std::string_view path;  ///< relative to the folder it was taken from: "students.odcs.yaml"
  std::string_view text;
};

}  // namespace homeroom
