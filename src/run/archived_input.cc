#include "run/archived_input.h"

#include <fmt/format.h>

#include "run/reading/prepare.h"

namespace homeroom::run {

Result<source::InputFile> archived_input(const io::Store& store, const catalog::RunRecord& run) {
  const std::string path = path_of_part(run.path, run.dataset);
  if (run.raw_key.empty()) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("nothing is kept of the file of run {}", run.run_id),
                "send the file through `homeroom run` again");
  }
  if (path != run.path) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("run {} took a part of {}, which the files beside it tell apart",
                            run.run_id, path),
                "send its whole folder or archive through `homeroom run` again");
  }
  return source::InputFile{.path = store.root() / run.raw_key,
                           .source = run.source,
                           .size_bytes = 0,
                           .location = path,
                           .known_as = path};
}

}  // namespace homeroom::run
