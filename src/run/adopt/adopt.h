#pragma once

// A contract for a file that fits none, with the reasons as comments, for a person to edit.

#include <string>

#include "base/result.h"
#include "contract/contract_files.h"
#include "run/pipeline.h"
#include "run/settings.h"
#include "source/folder.h"

namespace homeroom::run {

struct Adopted {
  std::string dataset;  ///< name of the new data set
  std::string text;     ///< of DATASET.odcs.yaml
  FileReport report;    ///< what checking the file by the new contract says
};

/// Studies the file and writes its contract, then checks the file by it. What does not hold up is
/// taken back: a key that does not hold for the whole file is left out.
/// `name`: of the data set; empty: made from the file's name. `files`: those that
/// `settings.contracts` was read from.
/// Errors: those of reading; kContract when the file is a data set already and no name was given.
[[nodiscard]] Result<Adopted> adopt_file(const source::InputFile& input, const Settings& settings,
                                         const std::string& name,
                                         const contract::ContractFiles& files, const Clock& clock);

}  // namespace homeroom::run
