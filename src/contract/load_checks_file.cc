#include "contract/load_checks_file.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "contract/contract_file.h"

namespace homeroom::contract {
namespace {

constexpr double kMinutesOfDay = 24 * 60;

// "06:30" as minutes since midnight.
std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] - '0'; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0, 1, 3, 4}) {
    if (digit(i) < 0 || digit(i) > 9) return std::nullopt;
  }
  const int hours = (digit(0) * 10) + digit(1);
  const int minutes = (digit(3) * 10) + digit(4);
  if (hours > 23 || minutes > 59) return std::nullopt;
  return std::chrono::minutes((hours * 60) + minutes);
}

struct ActionName {
  CheckAction action;
  std::string_view name;
};

constexpr ActionName kActions[] = {{CheckAction::kNothing, "off"},
                                   {CheckAction::kWarn, "warn"},
                                   {CheckAction::kQuarantine, "quarantine"},
                                   {CheckAction::kHold, "hold"}};

/// Reads the keys of one check. Errors wait in `status`, so that calls can stand in a row.
class CheckReader {
 public:
  CheckReader(std::string_view file, const YamlNode& map) : file_(file), map_(&map) {}

  CheckReader& action(CheckAction& action, bool judges_rows) {
    const YamlNode* node = take("severity");
    if (node == nullptr) return *this;
    std::vector<std::string> known;
    for (const ActionName& candidate : kActions) {
      if (candidate.action == CheckAction::kQuarantine && !judges_rows) continue;
      known.emplace_back(candidate.name);
      if (!node->is_scalar() || node->text != candidate.name) continue;
      action = candidate.action;
      return *this;
    }
    status_ = tl::unexpected(unknown_word(file_, node->line, "severity", node->text, known));
    return *this;
  }

  template <class Number>
  CheckReader& number(std::string_view key, double maximum, double unit, Number& out) {
    const YamlNode* node = take(key);
    if (node == nullptr) return *this;
    const Result<double> number = number_of(file_, *node, key);
    if (!number) {
      status_ = tl::unexpected(number.error());
    } else if (*number < 0 || *number > maximum) {
      status_ = tl::unexpected(yaml_error(file_, node->line, fmt::format("{} is out of range", key),
                                          fmt::format("Write a number from 0 to {}", maximum)));
    } else {
      out = static_cast<Number>(*number / unit);
    }
    return *this;
  }

  CheckReader& text(std::string_view key, std::string& out) {
    const YamlNode* node = take(key);
    if (node == nullptr) return *this;
    Result<std::string> read = text_of(file_, *node, key);
    if (read) {
      out = std::move(*read);
    } else {
      status_ = tl::unexpected(read.error());
    }
    return *this;
  }

  /// Also when a key was not asked for.
  [[nodiscard]] Status finish() {
    if (!status_) return status_;
    return check_keys(file_, *map_, "key of a check", known_);
  }

 private:
  const YamlNode* take(std::string_view key) {
    known_.emplace_back(key);
    return status_ ? map_->find(key) : nullptr;
  }

  std::string_view file_;
  const YamlNode* map_;
  std::vector<std::string> known_;
  Status status_;
};

constexpr double kPercent = 100;

Status apply_check(std::string_view file, const std::string& name, const YamlNode& value,
                   LoadChecks& checks) {
  CheckReader reader(file, value);
  if (name == "volume") {
    VolumeCheck& volume = checks.volume;
    return reader.action(volume.action, false)
        .number("warnDropPercent", kPercent, kPercent, volume.warn_drop)
        .number("holdDropPercent", kPercent, kPercent, volume.hold_drop)
        .number("maxDeviation", 1000, 1, volume.max_deviation)
        .number("minLoads", 100, 1, volume.min_loads)
        .number("history", 100, 1, volume.history)
        .finish();
  }
  if (name == "nullRate") {
    return reader.action(checks.null_rate.action, false)
        .number("maxRisePercent", kPercent, kPercent, checks.null_rate.max_rise)
        .finish();
  }
  if (name == "newCodes") return reader.action(checks.new_codes.action, false).finish();
  if (name == "drift") {
    return reader.action(checks.drift.action, false)
        .number("maxPsi", 100, 1, checks.drift.max_psi)
        .number("minValues", 1e9, 1, checks.drift.min_values)
        .finish();
  }
  if (name == "schoolDay") {
    return reader.action(checks.school_day.action, true)
        .text("date", checks.school_day.date)
        .text("school", checks.school_day.school)
        .finish();
  }
  if (name == "freshness") {
    double minutes = static_cast<double>(checks.freshness.grace.count());
    const Status read = reader.number("graceMinutes", kMinutesOfDay, 1, minutes).finish();
    checks.freshness.grace = std::chrono::minutes(static_cast<int>(minutes));
    return read;
  }
  return tl::unexpected(
      unknown_word(file, value.line, "check at load", name,
                   {"volume", "nullRate", "newCodes", "drift", "schoolDay", "freshness"}));
}

}  // namespace

Status apply_load_checks(std::string_view file, const YamlNode& value, std::string_view name,
                         Contract& contract) {
  if (!value.is_map()) {
    return tl::unexpected(yaml_error(file, value.line, fmt::format("{} is not a map", name),
                                     "Write volume: {severity: warn}"));
  }
  for (std::size_t i = 0; i < value.keys.size(); ++i) {
    HOMEROOM_TRY(apply_check(file, value.keys[i], value.items[i], contract.load_checks));
  }
  return {};
}

void apply_sla(std::string_view file, const YamlNode& list, Contract& contract,
               Problems& problems) {
  for (const YamlNode& item : list.items) {
    const YamlNode* property = item.find("property");
    const YamlNode* value = item.find("value");
    if (property == nullptr || value == nullptr || property->text != "timeOfAvailability") continue;
    const auto time = parse_time_of_day(value->text);
    if (!time) {
      problems.note(yaml_error(file, value->line, "timeOfAvailability is not a time of day",
                               "Write '06:30', in quotes"));
      continue;
    }
    contract.load_checks.freshness.time_of_day = time;
  }
}

}  // namespace homeroom::contract
