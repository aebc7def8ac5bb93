#include "contract/contract_files.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>

#include "contract/contract.h"
#include "contract/profile/profile.h"

namespace homeroom::contract {
namespace {

constexpr std::uintmax_t kMaxFileBytes = 1024 * 1024;

Result<std::string> read_text(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (!error && size > kMaxFileBytes) {
    return fail(ErrorCode::kConfig, fmt::format("{} is larger than 1 MiB", path),
                "A contract is a small text; is this the right file?");
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (error || !stream) {
    return fail_with_detail(ErrorCode::kConfig, fmt::format("Cannot read {}", path),
                            "Check that the file exists and may be read", error.message());
  }
  return text;
}

// Adds the folder's files to `paths`; a folder of profiles may be missing.
Status list_folder(const std::string& folder, std::vector<std::string>& paths) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string path = entry->path().string();
    if (is_contract_file(path) || is_enumeration_file(path) || is_profile_file(path)) {
      paths.push_back(path);
    }
  }
  if (error) {
    return fail_with_detail(ErrorCode::kConfig,
                            fmt::format("Cannot read the contracts in {}", folder),
                            "Give a folder with *.odcs.yaml files", error.message());
  }
  return {};
}

}  // namespace

bool is_enumeration_file(std::string_view path) {
  const std::string_view name = path.substr(path.find_last_of('/') + 1);
  return name.starts_with("enumerations") && name.ends_with(".yaml");
}

bool is_contract_file(std::string_view path) {
  return path.ends_with(".odcs.yaml");
}

ContractFiles::ContractFiles()
    : files_(shipped_contracts().begin(), shipped_contracts().end()),
      profiles_(shipped_profiles().begin(), shipped_profiles().end()) {}

Status ContractFiles::add(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_regular_file(path, error)) return add_file(path);
  std::vector<std::string> paths;
  HOMEROOM_TRY(list_folder(path, paths));
  const std::string profiles = (std::filesystem::path(path) / "profiles").string();
  if (std::filesystem::is_directory(profiles, error)) HOMEROOM_TRY(list_folder(profiles, paths));
  std::ranges::sort(paths);
  for (const std::string& each : paths) HOMEROOM_TRY(add_file(each));
  return {};
}

Status ContractFiles::add_file(const std::string& path) {
  const std::string& text = texts_.emplace_back(HOMEROOM_TRY(read_text(path)));
  (is_profile_file(path) ? profiles_ : files_).push_back({texts_.emplace_back(path), text});
  return {};
}

std::span<const EmbeddedFile> ContractFiles::added() const {
  return std::span(files_).subspan(shipped_contracts().size());
}

}  // namespace homeroom::contract
