#include "run/stages/contract_of.h"

#include <fmt/format.h>

namespace homeroom::run {

Result<const contract::Contract*> contract_of(const LoadManifest& manifest,
                                              const Settings& settings) {
  if (manifest.contract.empty()) return nullptr;
  const contract::ContractSet* contracts = settings.contracts;
  if (!manifest.profile.empty() && settings.profiles != nullptr) {
    const auto* profile = HOMEROOM_TRY(settings.profiles->find(manifest.profile));
    contracts = HOMEROOM_TRY(settings.profiles->with(*profile));
  }
  const contract::Contract* contract = contracts->find(manifest.contract);
  if (contract != nullptr && contract->text_hash == manifest.contract_hash) return contract;
  return fail(ErrorCode::kContract,
              contract == nullptr
                  ? fmt::format("there is no contract {} here, by which the file was cleaned",
                                manifest.contract)
                  : fmt::format("the file was cleaned by another contract {} than is in force here",
                                manifest.contract),
              "name the same contracts with --contracts, or clean the raw file again");
}

}  // namespace homeroom::run
