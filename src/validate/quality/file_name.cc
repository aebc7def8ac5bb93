#include <string>

#include <fmt/format.h>

#include "validate/full_match.h"
#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

class NameChecker : public FileChecker {
 public:
  explicit NameChecker(std::string finding) : finding_(std::move(finding)) {}

  Status observe(const CheckedRows& /*rows*/, std::span<const LineNumber> /*lines*/) override {
    return {};
  }

  Status finish(FileVerdict& out) override {
    if (!finding_.empty()) out.findings.push_back({.message = finding_});
    return {};
  }

 private:
  std::string finding_;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& /*table*/,
                          const CheckFacts& facts) {
  const std::string* pattern = quality.find("pattern");
  if (pattern == nullptr) {
    return fail_quality(quality, "it has no pattern",
                        "write pattern: 'attendance_[0-9]{4}-[0-9]{2}'");
  }
  const FullMatch match = HOMEROOM_TRY(FullMatch::create(*pattern, quality));
  if (facts.file_name.empty() || match.matches(facts.file_name)) return BoundQuality{};
  return BoundQuality{.file = std::make_unique<NameChecker>(with_why(
                          fmt::format("the file's name does not match {}", *pattern), quality))};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: file_name, pattern: "
             "'clubs_[0-9]{4}'}}",
     .columns = "club:text",
     .rows = "Chess",
     .says = "error: the file's name does not match clubs_[0-9]{4}",
     .is_of_dataset = true},
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: file_name, pattern: "
             "'clubs_[0-9]{4}-[0-9]{2}'}}",
     .columns = "club:text",
     .rows = "Chess",
     .says = "",
     .is_of_dataset = true},
};

}  // namespace

extern const QualityCheck check_file_name = {
    .name = "file_name",
    .summary = "The file's name, without folder and extension, matches `pattern`",
    .arguments = "pattern",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
