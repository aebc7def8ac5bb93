#include "run/reading/profile.h"

#include <string_view>

#include <fmt/format.h>

#include "contract/quality/date_format.h"
#include "contract/quality/tolerated.h"

namespace homeroom::run {
namespace {

using contract::Recognition;
using contract::StatedDateOrder;

Result<std::optional<Recognition>> recognize(const Settings& settings, bool has_header,
                                             const PreparedFile& file) {
  if (settings.profiles == nullptr || settings.profile == "none") return std::nullopt;
  if (!settings.profile.empty()) {
    const contract::SystemProfile* said = HOMEROOM_TRY(settings.profiles->find(settings.profile));
    return Recognition{.profile = said, .reason = "as was said"};
  }
  if (!has_header) return std::nullopt;
  return settings.profiles->recognize(file.header, file.input.place.bundle);
}

// Columns of which the contract says how their dates are written, where the values do not tell.
void decide_by_contract(const PreparedFile& file, std::vector<clean::ColumnProfile>& profiles) {
  if (file.contract() == nullptr) return;
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    if (profiles[i].date_order != clean::DateOrder::kAmbiguous) continue;
    const int column = file.match->columns[i].column;
    if (column < 0) continue;
    const std::string& name = file.contract()->columns[static_cast<std::size_t>(column)].name;
    const contract::Quality* said = contract::find_check(*file.contract(), "date_format", name);
    const std::string* text = said == nullptr ? nullptr : said->find("format");
    const auto format = text == nullptr ? std::nullopt : contract::DateFormat::parse(*text);
    if (!format) continue;
    if (format->is_month_first()) profiles[i].date_order = clean::DateOrder::kMonthFirst;
    if (format->is_day_first()) profiles[i].date_order = clean::DateOrder::kDayFirst;
  }
}

clean::DateOrder stated(StatedDateOrder order) {
  if (order == StatedDateOrder::kMonthFirst) return clean::DateOrder::kMonthFirst;
  return order == StatedDateOrder::kDayFirst ? clean::DateOrder::kDayFirst
                                             : clean::DateOrder::kNone;
}

}  // namespace

Status choose_profile(const Settings& settings, bool has_header, PreparedFile& file,
                      FileReport& report) {
  file.contracts = settings.contracts;
  const auto known = HOMEROOM_TRY(recognize(settings, has_header, file));
  if (!known) return {};
  file.profile = known->profile;
  file.contracts = HOMEROOM_TRY(settings.profiles->with(*known->profile));
  file.reading += fmt::format(" profile={}", known->profile->name);
  report.profile = known->profile->name;
  report.profile_reason = known->reason;
  return {};
}

clean::DateOrder told_order(const PreparedFile& file,
                            std::span<const clean::ColumnProfile> profiles) {
  auto told = clean::DateOrder::kNone;
  for (std::size_t i = 0; i < profiles.size() && file.contract() != nullptr; ++i) {
    const int column = file.match->columns[i].column;
    if (column < 0) continue;
    const contract::Kind kind = file.contract()->columns[static_cast<std::size_t>(column)].kind;
    if (kind != contract::Kind::kDate && kind != contract::Kind::kTimestamp) continue;
    const clean::DateOrder here = profiles[i].date_order;
    if (here == clean::DateOrder::kMixed) return clean::DateOrder::kNone;
    if (here == clean::DateOrder::kNone || here == clean::DateOrder::kAmbiguous) continue;
    if (told != clean::DateOrder::kNone && told != here) return clean::DateOrder::kNone;
    told = here;
  }
  return told;
}

DecidedBy decide_dates(const PreparedFile& file, std::vector<clean::ColumnProfile>& profiles) {
  decide_by_contract(file, profiles);
  const contract::Match* match = file.match ? &*file.match : nullptr;
  const auto decide = [&](clean::DateOrder order) {
    if (order == clean::DateOrder::kNone) return false;
    if (clean::undecided_columns(match, file.header, profiles).empty()) return false;
    bool is_decided = false;
    for (clean::ColumnProfile& profile : profiles) {
      if (profile.date_order != clean::DateOrder::kAmbiguous) continue;
      profile.date_order = order;
      is_decided = true;
    }
    return is_decided;
  };
  decide(file.profile == nullptr ? clean::DateOrder::kNone : stated(file.profile->date_order));
  return decide(file.former_order) ? DecidedBy::kFormerFiles : DecidedBy::kOthers;
}

Issue former_order_issue(clean::DateOrder order) {
  const std::string_view first = order == clean::DateOrder::kMonthFirst ? "month" : "day";
  return {.line = 0,
          .column = {},
          .rule = "date_order_remembered",
          .severity = Severity::kInfo,
          .message = fmt::format(
              "no date tells whether the month or the day comes first: the {} does, as in earlier "
              "files of its kind",
              first),
          .suggestion = "where it does not, a contract says so: date_format"};
}

}  // namespace homeroom::run
