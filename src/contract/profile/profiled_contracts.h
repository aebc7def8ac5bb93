#pragma once

// The contracts in force, and the same as each system's profile changes them.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "contract/contract.h"
#include "contract/contract_files.h"
#include "contract/profile/profile.h"

namespace homeroom::contract {

/// A file known as a system's.
struct Recognition {
  const SystemProfile* profile = nullptr;
  std::string reason;  ///< "headers dcid, Student_Number"
};

/// May be shared by threads. Memory: the contracts once, and once more for each system that was
/// asked for.
class ProfiledContracts {
 public:
  /// Those shipped, with a district's folder over them (may be empty: none): its *.odcs.yaml and
  /// enumerations*.yaml, and its profiles/NAME.yaml, which stand in for shipped ones of that name.
  /// Errors: those of ContractSet::load, also for profiles.
  [[nodiscard]] static Result<std::unique_ptr<ProfiledContracts>> load(const std::string& folder);

  /// Without any profile.
  [[nodiscard]] const ContractSet& plain() const { return plain_; }

  [[nodiscard]] std::span<const SystemProfile> profiles() const { return profiles_; }

  /// Errors: kConfig with the nearest name.
  [[nodiscard]] Result<const SystemProfile*> find(const std::string& name) const;

  /// The contracts with a profile; made when first asked for, and kept.
  [[nodiscard]] Result<const ContractSet*> with(const SystemProfile& profile);

  /// The system whose headers the file has: that with the most of them in one group. Nothing when
  /// two have as many.
  [[nodiscard]] std::optional<Recognition> recognize(std::span<const std::string> header,
                                                     std::string_view bundle) const;

 private:
  ProfiledContracts(ContractFiles files, ContractSet plain, std::vector<SystemProfile> profiles);

  ContractFiles files_;
  ContractSet plain_;
  std::vector<SystemProfile> profiles_;
  std::mutex mutex_;  ///< of `with_`
  std::map<std::string, std::unique_ptr<const ContractSet>> with_;
};

}  // namespace homeroom::contract
