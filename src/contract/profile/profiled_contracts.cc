#include "contract/profile/profiled_contracts.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "contract/header_index.h"

namespace homeroom::contract {
namespace {

// Header by the key it is looked up by.
using HeadersByKey = std::unordered_map<std::string, std::string>;

// The headers of the file that a group names; empty unless it has all of them.
std::vector<std::string> headers_of(const std::vector<std::string>& group,
                                    const HeadersByKey& headers) {
  std::vector<std::string> found;
  for (const std::string& name : group) {
    const auto header = headers.find(header_key(name));
    if (header == headers.end()) return {};
    found.push_back(header->second);
  }
  return found;
}

std::vector<std::string> best_group(const SystemProfile& profile, const HeadersByKey& headers) {
  std::vector<std::string> best;
  for (const auto& group : profile.recognized_by) {
    std::vector<std::string> found = headers_of(group, headers);
    if (found.size() > best.size()) best = std::move(found);
  }
  return best;
}

}  // namespace

ProfiledContracts::ProfiledContracts(ContractFiles files, ContractSet plain,
                                     std::vector<SystemProfile> profiles)
    : files_(std::move(files)), plain_(std::move(plain)), profiles_(std::move(profiles)) {}

Result<std::unique_ptr<ProfiledContracts>> ProfiledContracts::load(const std::string& folder) {
  ContractFiles files;
  if (!folder.empty()) HOMEROOM_TRY(files.add(folder));
  ContractSet plain = HOMEROOM_TRY(ContractSet::from_files(files.all()));
  Problems problems;
  std::vector<SystemProfile> profiles;
  for (const EmbeddedFile& file : files.profiles()) {
    problems.enter(file.path);
    const auto root = problems.take(parse_yaml(file.path, file.text));
    if (!root) continue;
    SystemProfile profile = read_profile(file, *root, problems);
    std::erase_if(profiles, [&](const auto& known) { return known.name == profile.name; });
    profiles.push_back(std::move(profile));
  }
  if (problems.size() > 0) return tl::unexpected(first_problem(problems));
  return std::unique_ptr<ProfiledContracts>(
      new ProfiledContracts(std::move(files), std::move(plain), std::move(profiles)));
}

Result<const SystemProfile*> ProfiledContracts::find(const std::string& name) const {
  const auto found = std::ranges::find(profiles_, name, &SystemProfile::name);
  if (found != profiles_.end()) return &*found;
  std::vector<std::string> known;
  for (const SystemProfile& profile : profiles_) known.push_back(profile.name);
  const std::string_view near = nearest(name, known);
  return fail(ErrorCode::kConfig, fmt::format("there is no profile {}", name),
              near.empty() ? fmt::format("known are {}, and none", join(known, ", "))
                           : fmt::format("did you mean {}?", near));
}

Result<const ContractSet*> ProfiledContracts::with(const SystemProfile& profile) {
  const std::lock_guard lock(mutex_);
  auto& kept = with_[profile.name];
  if (kept == nullptr) {
    // Shipped files, the profile, the district's: the later word counts.
    const auto all = files_.all();
    const auto num_shipped = all.size() - files_.added().size();
    std::vector<EmbeddedFile> files(all.begin(), all.begin() + static_cast<long>(num_shipped));
    files.push_back({profile.file, profile.text});
    files.insert(files.end(), files_.added().begin(), files_.added().end());
    kept = std::make_unique<const ContractSet>(HOMEROOM_TRY(ContractSet::from_files(files)));
  }
  return kept.get();
}

std::optional<Recognition> ProfiledContracts::recognize(std::span<const std::string> header,
                                                        std::string_view bundle) const {
  HeadersByKey headers;
  for (const std::string& each : header) headers.try_emplace(header_key(each), each);
  std::optional<Recognition> best;
  std::size_t most = 0;
  for (const SystemProfile& profile : profiles_) {
    if (!bundle.empty() && std::ranges::find(profile.bundles, bundle) != profile.bundles.end()) {
      return Recognition{.profile = &profile, .reason = fmt::format("file of {}", bundle)};
    }
    const std::vector<std::string> found = best_group(profile, headers);
    if (found.empty() || found.size() < most) continue;
    const bool is_tie = found.size() == most;
    most = found.size();
    best.reset();
    if (is_tie) continue;
    best = {.profile = &profile, .reason = fmt::format("headers {}", join(found, ", "))};
  }
  return best;
}

}  // namespace homeroom::contract
