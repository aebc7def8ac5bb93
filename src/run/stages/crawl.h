#pragma once

// The catalog from clean files alone, ours or anyone's: what a crawler finds in the store.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "contract/contract.h"
#include "io/store.h"
#include "table/schema.h"

namespace homeroom::run {

struct CrawledColumn {
  std::string name;
  SqlType type = SqlType::kText;  ///< the contract's where all values are of it, else the values'
  std::string description;        ///< the contract's
  std::uint64_t num_rows = 0;     ///< of the files that have it
  std::uint64_t num_nulls = 0;
};

struct CrawledPartition {
  std::uint64_t num_files = 0;
  std::uint64_t num_rows = 0;
  std::uint64_t num_bytes = 0;
};

/// The files of one folder below clean/.
struct CrawledDataset {
  std::string name;
  std::string description;
  std::string location;  ///< "clean/students/"
  std::vector<CrawledColumn> columns;
  std::map<std::string, CrawledPartition> partitions;  ///< by school year; "" where there are none
  bool has_contract = false;
  std::vector<std::string> disagreements;  ///< with the contract, a sentence each; no value
  std::vector<std::string> unreadable;     ///< "clean/x/y.csv: why"
};

/// Reads every CSV file below clean/, or below each folder of `store` where it has no clean/.
/// A file that cannot be read is told of; the others go on. Errors: kIo for the store itself.
[[nodiscard]] Result<std::vector<CrawledDataset>> crawl(const io::Store& store,
                                                        const contract::ContractSet& contracts);

/// catalog/<dataset>.json in the store.
[[nodiscard]] Status write_catalog(const io::Store& store, const CrawledDataset& dataset);

}  // namespace homeroom::run
