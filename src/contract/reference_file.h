#pragma once

// `relationships` of a contract: which rows of other data sets its rows speak of.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "contract/contract.h"
#include "contract/problems.h"
#include "contract/yaml_tree.h"

namespace homeroom::contract {

/// Sets the references that are stated at `column`, or with "" at the data set: what was stated
/// there before is replaced. Those to a URL are passed over.
/// Problems: kConfig naming file and line.
void apply_references(std::string_view file, const YamlNode& list, const std::string& column,
                      Contract& contract, Problems& problems);

/// Once all contracts are read: checks that each reference names a column of a data set that holds
/// the same type. Problems: kConfig naming file and line.
void check_references(std::span<const Contract> contracts, Problems& problems);

/// Puts references in the order of their columns, those of the data set last, and makes those from
/// columns of homeroom.anyOf to one data set one reference with several paths.
void join_references(Contract& contract);

/// A column as `to` and `from` name it.
struct ReferenceTarget {
  std::string table;
  std::string column;
};

/// Reads "students.student_id", or in full "schema/students/properties/student_id", perhaps behind
/// the file it is declared in: "students.odcs.yaml#/schema/...". Nothing for a URL.
[[nodiscard]] std::optional<ReferenceTarget> parse_reference(std::string_view word);

}  // namespace homeroom::contract
