#pragma once

// Which of the files that lie there together is taken first.

#include <vector>

#include "contract/contract.h"
#include "source/folder.h"

namespace homeroom::run {

/// Puts files of data sets that others refer to before those others, as far as the files' names
/// say what they are: students before attendance, though a comes before s. So rows find whom they
/// name. Files of one data set, and those whose names say nothing, stay in their order; the latter
/// come last.
void put_referred_first(std::vector<source::InputFile>& files,
                        const contract::ContractSet& contracts);

}  // namespace homeroom::run
