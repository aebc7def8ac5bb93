#include <array>
#include <cerrno>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/result.h"
#include "io/file.h"

namespace homeroom::io {
namespace {

struct Explanation {
  int number;
  std::string_view sentence;
  std::string_view hint;
};

constexpr std::array kExplanations = {
    Explanation{ENOENT, "it does not exist", "check the path"},
    Explanation{ENOTDIR, "a part of its path is a file, not a folder", "check the path"},
    Explanation{EISDIR, "it is a folder, not a file", "name a file in it"},
    Explanation{
        EACCES, "permission denied",
        "give this user the right to it (see `ls -ld`), or run the command as one who has it"},
    Explanation{EPERM, "the system does not permit it",
                "give this user the right to it (see `ls -ld` and `lsattr -d`), or run the command "
                "as one who has it"},
    Explanation{ENOSPC, "the disk is full",
                "free some space there (see `df -h` and `df -i`), then run the command again"},
    Explanation{EDQUOT, "this user's disk quota is used up",
                "free some space or ask for a larger quota, then run the command again"},
    Explanation{EFBIG, "the file would be larger than the system allows",
                "raise the limit (`ulimit -f`) or use another disk"},
    Explanation{EROFS, "the disk is mounted read-only", "choose a folder on another disk"},
    Explanation{EIO, "the disk reports an error",
                "look at `dmesg` for the disk's state; copy the data elsewhere if you can"},
    Explanation{EMFILE, "this program has too many files open", "raise the limit (`ulimit -n`)"},
    Explanation{ENFILE, "the system has too many files open", "raise fs.file-max (`sysctl`)"},
    Explanation{ENAMETOOLONG, "the name is too long", "use a shorter name or folder"},
    Explanation{ELOOP, "its symbolic links go round in a circle", "check the path"},
    Explanation{EEXIST, "it exists already", "remove it or choose another name"},
    Explanation{EBUSY, "it is in use", "end the program that uses it, then try again"},
    Explanation{ENOMEM, "the system has no memory left", "close other programs, then try again"},
    Explanation{ESTALE, "its network share was changed or is gone", "mount the share again"},
};

constexpr Explanation kOther = {0, "the system refused", "see the detail"};

const Explanation& explain(int error_number) {
  for (const Explanation& explanation : kExplanations) {
    if (explanation.number == error_number) return explanation;
  }
  return kOther;
}

}  // namespace

Error io_error(int error_number, std::string_view what, const std::filesystem::path& path) {
  const Explanation& explanation = explain(error_number);
  Error error;
  error.code = error_number == EISDIR ? ErrorCode::kInvalidInput : ErrorCode::kIo;
  error.message = fmt::format("{} {}: {}", what, path.string(), explanation.sentence);
  error.hint = explanation.hint;
  error.detail =
      fmt::format("errno {}: {}", error_number, std::generic_category().message(error_number));
  return error;
}

}  // namespace homeroom::io
