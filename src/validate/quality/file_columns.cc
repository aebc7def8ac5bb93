#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "validate/full_match.h"
#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

// What was found in the header; it is judged before the first row.
class ColumnsChecker : public FileChecker {
 public:
  explicit ColumnsChecker(std::vector<std::string> findings) : findings_(std::move(findings)) {}

  Status observe(const CheckedRows& /*rows*/, std::span<const LineNumber> /*lines*/) override {
    return {};
  }

  Status finish(FileVerdict& out) override {
    for (const std::string& finding : findings_) {
      out.findings.push_back({.line = 1, .message = finding});
    }
    return {};
  }

 private:
  std::vector<std::string> findings_;
};

std::vector<std::string> missing_columns(const contract::Quality& quality,
                                         const contract::Contract& contract,
                                         const CheckFacts& facts) {
  std::vector<std::string> missing;
  const auto wanted = quality.arguments.find("present");
  if (wanted == quality.arguments.end()) return missing;
  for (const std::string& name : wanted->second) {
    const int index = contract.find(name);
    if (std::ranges::find(facts.header_columns, index) == facts.header_columns.end()) {
      missing.push_back(name);
    }
  }
  return missing;
}

std::vector<std::string> extra_columns(const CheckFacts& facts) {
  std::vector<std::string> extra;
  for (std::size_t i = 0; i < facts.header.size() && i < facts.header_columns.size(); ++i) {
    if (facts.header_columns[i] < 0) extra.push_back(facts.header[i]);
  }
  return extra;
}

// Headers that do not match the pattern `names`.
Result<std::vector<std::string>> misnamed_columns(const contract::Quality& quality,
                                                  const CheckFacts& facts) {
  std::vector<std::string> misnamed;
  const std::string* pattern = quality.find("names");
  if (pattern == nullptr) return misnamed;
  const FullMatch match = HOMEROOM_TRY(FullMatch::create(*pattern, quality));
  std::ranges::copy_if(facts.header, std::back_inserter(misnamed),
                       [&](const std::string& name) { return !match.matches(name); });
  return misnamed;
}

// The known columns stand in the contract's order.
bool is_in_order(const CheckFacts& facts) {
  std::vector<int> known;
  std::ranges::copy_if(facts.header_columns, std::back_inserter(known),
                       [](int column) { return column >= 0; });
  return std::ranges::is_sorted(known);
}

Result<bool> flag(const contract::Quality& quality, std::string_view argument,
                  std::string_view word) {
  const std::string* text = quality.find(argument);
  if (text == nullptr) return false;
  if (*text == word) return true;
  return fail_quality(quality, fmt::format("{} is not {}", argument, word),
                      fmt::format("write {}: {}, or leave it out", argument, word));
}

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  const bool wants_order = HOMEROOM_TRY(flag(quality, "order", "declared"));
  const bool refuses_extra = HOMEROOM_TRY(flag(quality, "extra", "none"));
  const auto wanted = quality.arguments.find("present");
  const bool wants_names = quality.find("names") != nullptr;
  if (!wants_order && !refuses_extra && !wants_names && wanted == quality.arguments.end()) {
    return fail_quality(
        quality, "it says nothing about the columns",
        "write present: [student_id], extra: none, order: declared or names: '[a-z_]+'");
  }
  if (wanted != quality.arguments.end()) {
    for (const std::string& name : wanted->second) {
      HOMEROOM_TRY(find_column(quality, table, facts, name));
    }
  }
  std::vector<std::string> findings;
  const auto missing = missing_columns(quality, *table.contract, facts);
  if (!missing.empty() && !facts.header.empty()) {
    findings.push_back(fmt::format("the file has no column for {}", join(missing, ", ")));
  }
  const auto extra = extra_columns(facts);
  if (refuses_extra && !extra.empty()) {
    findings.push_back(
        fmt::format("the file has columns that its data set does not know: {}", join(extra, ", ")));
  }
  const auto misnamed = HOMEROOM_TRY(misnamed_columns(quality, facts));
  if (!misnamed.empty()) {
    findings.push_back(fmt::format("the names of columns do not match {}: {}",
                                   *quality.find("names"), join(misnamed, ", ")));
  }
  if (wants_order && !is_in_order(facts)) {
    findings.emplace_back("the columns do not stand in the order of the contract");
  }
  if (findings.empty()) return BoundQuality{};
  for (std::string& finding : findings) finding = with_why(std::move(finding), quality);
  return BoundQuality{.file = std::make_unique<ColumnsChecker>(std::move(findings))};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: file_columns, extra: none, "
             "order: declared, present: [club, room]}}",
     .columns = "club:text room:text",
     .rows = "Chess|12",
     .says = "",
     .is_of_dataset = true},
    {.yaml = "{type: custom, engine: homeroom, severity: warning, implementation: {check: "
             "file_columns, order: declared}}",
     .columns = "club:text -room:text day:date",
     .rows = "Chess|12|2025-11-03",
     .says = "warning: the columns do not stand in the order of the contract, first at line 1",
     .is_of_dataset = true},
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: file_columns, names: "
             "'[a-z]+'}}",
     .columns = "club:text room_no:text",
     .rows = "Chess|12",
     .says = "error: the names of columns do not match [a-z]+: room_no, first at line 1",
     .is_of_dataset = true},
};

}  // namespace

extern const QualityCheck check_file_columns = {
    .name = "file_columns",
    .summary =
        "The file has the columns `present`, none that its data set does not know (`extra: "
        "none`), they stand in the contract's order (`order: declared`), and each is named as the "
        "pattern `names` says",
    .arguments = "present extra order names",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
