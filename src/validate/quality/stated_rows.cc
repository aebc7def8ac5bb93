#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "validate/footer_number.h"
#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

struct Statement {
  LineNumber line = 0;
  std::string num_rows;  ///< decimal text
  std::string by;        ///< "the file", "manifest.csv line 3"
};

// How far apart two numbers of rows are, in the unit of the bound.
std::string difference(const contract::Quality& quality, std::uint64_t stated,
                       std::uint64_t found) {
  const std::uint64_t apart = stated > found ? stated - found : found - stated;
  const bool is_percent = quality.bound && quality.bound->is_percent;
  if (!is_percent) return std::to_string(apart);
  return stated == 0 && apart > 0 ? "100" : percent_text(apart, stated);
}

class StatedRowsChecker : public FileChecker {
 public:
  StatedRowsChecker(const contract::Quality& quality, FooterPlace place, bool is_optional,
                    std::optional<StatedCount> manifest)
      : quality_(&quality),
        place_(std::move(place)),
        is_optional_(is_optional),
        manifest_(std::move(manifest)) {}

  Status observe(const CheckedRows& /*rows*/, std::span<const LineNumber> /*lines*/) override {
    return {};
  }

  void note_end(const FileEnd& end) override {
    num_rows_ = end.num_rows;
    if (const auto number = find_number(end.footers, place_)) {
      footer_ = {.line = number->line, .num_rows = number->text, .by = "the file"};
      return;
    }
    if (place_.field != 0) return;
    for (const FooterRow& footer : end.footers) {
      if (!footer.num_rows) continue;
      footer_ = {
          .line = footer.line, .num_rows = std::to_string(*footer.num_rows), .by = "the file"};
    }
  }

  Status finish(FileVerdict& out) override {
    if (manifest_)
      judge({.num_rows = std::to_string(manifest_->num_rows), .by = manifest_->by}, out);
    if (footer_) judge(*footer_, out);
    if (!manifest_ && !footer_ && !is_optional_) {
      out.findings.push_back(
          {.message = with_why("neither the file nor a manifest says how many rows it has: it may "
                               "have been cut short",
                               *quality_)});
    }
    return {};
  }

 private:
  void judge(const Statement& stated, FileVerdict& out) const {
    std::uint64_t count = 0;
    const char* const end = stated.num_rows.data() + stated.num_rows.size();
    const bool is_count = std::from_chars(stated.num_rows.data(), end, count).ptr == end;
    const std::string apart = is_count ? difference(*quality_, count, num_rows_) : "";
    if (is_count && (quality_->bound ? fits(*quality_->bound, apart) : apart == "0")) return;
    std::string message = fmt::format("{} says that it has {} rows, and it has {}", stated.by,
                                      is_count ? with_thousands(count) : "no whole number of",
                                      with_thousands(num_rows_));
    if (quality_->bound && is_count) {
      message += fmt::format("; the difference of {}{} must be {}", apart,
                             quality_->bound->is_percent ? " %" : "", quality_->bound->words());
    }
    out.findings.push_back(
        {.line = stated.line, .message = with_why(std::move(message), *quality_)});
  }

  const contract::Quality* quality_;
  FooterPlace place_;
  bool is_optional_;
  std::optional<StatedCount> manifest_;
  std::optional<Statement> footer_;
  std::uint64_t num_rows_ = 0;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& /*table*/,
                          const CheckFacts& facts) {
  FooterPlace place = HOMEROOM_TRY(footer_place(quality));
  const bool optional = HOMEROOM_TRY(is_optional(quality));
  return BoundQuality{.file = std::make_unique<StatedRowsChecker>(quality, std::move(place),
                                                                  optional, facts.manifest)};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: stated_rows}}",
     .columns = "club:text room:text",
     .rows = "Chess|12 / Choir|14",
     .says = "error: the file says that it has 3 rows, and it has 2, first at line 4",
     .is_of_dataset = true,
     .footer = "Total records: 3"},
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: stated_rows, marked: TRL, "
             "field: 2, mustBeLessOrEqualTo: 1}}",
     .columns = "club:text room:text day:date",
     .rows = "Chess|12| / Choir|14|",
     .says = "",
     .is_of_dataset = true,
     .footer = "TRL|000003"},
    {.yaml = "{type: custom, engine: homeroom, severity: warning, description: Exports were cut "
             "short in 2024., implementation: {check: stated_rows}}",
     .columns = "club:text room:text",
     .rows = "Chess|12",
     .says = "warning: neither the file nor a manifest says how many rows it has: it may have been "
             "cut short (Exports were cut short in 2024)",
     .is_of_dataset = true},
};

}  // namespace

extern const QualityCheck check_stated_rows = {
    .name = "stated_rows",
    .summary =
        "The file has as many rows as the line behind them says (`Total records: 57`, or a number "
        "in field `field` of the line that begins with `marked`) and as its manifest says; "
        "a bound holds the difference, `optional: true` lets files pass of which neither says it",
    .arguments = "marked field optional",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
