#include "sniff/former.h"

#include <algorithm>

namespace homeroom::sniff {
namespace {

constexpr double kSure = 0.75;      // below it an earlier file of the kind decides
constexpr double kAsBefore = 0.85;  // how sure it then is

}  // namespace

Overrides said_by_former(const Dialect& dialect, const Dialect& former) {
  Overrides said;
  const auto is_unsure = [&](std::string_view what) {
    const auto verdict = std::ranges::find(dialect.verdicts, what, &Verdict::what);
    return verdict != dialect.verdicts.end() && verdict->confidence < kSure;
  };
  if (is_unsure("encoding")) said.encoding = former.encoding;
  if (is_unsure("delimiter")) said.delimiter = former.delimiter;
  if (is_unsure("quote") || !said.delimiter.empty()) {
    said.quote = former.quote;
    said.escape = former.escape;
  }
  if (is_unsure("header")) {
    said.preamble_lines = static_cast<int>(former.preamble_lines);
    said.header_lines = static_cast<int>(former.header_lines);
  }
  return said;
}

void explain_former(const Dialect& alone, Dialect& dialect) {
  for (Verdict& verdict : dialect.verdicts) {
    const auto before = std::ranges::find(alone.verdicts, verdict.what, &Verdict::what);
    if (verdict.reason != kGiven || before == alone.verdicts.end()) continue;
    if (before->reason == kGiven) continue;
    const bool is_other = before->choice != verdict.choice;
    verdict.confidence = std::max(before->confidence, kAsBefore);
    verdict.runner_up = is_other ? before->choice : before->runner_up;
    verdict.reason = is_other ? "as in the file of its kind before" : before->reason;
  }
}

}  // namespace homeroom::sniff
