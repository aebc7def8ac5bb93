#include "run/reading/profile.h"

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

void decide_dates(const PreparedFile& file, std::vector<clean::ColumnProfile>& profiles) {
  decide_by_contract(file, profiles);
  if (file.profile == nullptr || file.profile->date_order == StatedDateOrder::kUnsaid) return;
  const contract::Match* match = file.match ? &*file.match : nullptr;
  if (clean::undecided_columns(match, file.header, profiles).empty()) return;
  for (clean::ColumnProfile& profile : profiles) {
    if (profile.date_order != clean::DateOrder::kAmbiguous) continue;
    profile.date_order = file.profile->date_order == StatedDateOrder::kMonthFirst
                             ? clean::DateOrder::kMonthFirst
                             : clean::DateOrder::kDayFirst;
  }
}

}  // namespace homeroom::run
