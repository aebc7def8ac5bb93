#include "run/adopt/sensitive.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "contract/header_index.h"

namespace homeroom::run {
namespace {

// Words of headers: who someone is, how to reach them, and what FERPA and IDEA guard.
constexpr std::array<std::string_view, 41> kWords = {
    "name",      "firstname", "lastname",  "fullname",   "ssn",      "social",     "dob",
    "birth",     "birthdate", "birthday",  "address",    "street",   "phone",      "mobile",
    "cell",      "email",     "mail",      "guardian",   "parent",   "mother",     "father",
    "emergency", "race",      "ethnicity", "ethnic",     "gender",   "sex",        "disability",
    "iep",       "sped",      "medical",   "health",     "allergy",  "medication", "lunch",
    "homeless",  "foster",    "migrant",   "discipline", "religion", "income"};

// '9' stands for a digit; others for themselves.
bool has_form(std::string_view text, std::string_view form) {
  return text.size() == form.size() &&
         std::equal(text.begin(), text.end(), form.begin(),
                    [](char c, char f) { return f == '9' ? c >= '0' && c <= '9' : c == f; });
}

bool is_mail_address(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && text.find('.', at) != std::string_view::npos &&
         text.find(' ') == std::string_view::npos;
}

}  // namespace

std::string sensitive_name(const contract::ContractSet& contracts, const std::string& header) {
  for (const auto& meaning : contracts.headers().find(contract::header_key(header))) {
    const contract::Contract& contract = contracts.contracts()[meaning.contract];
    const contract::Column& column = contract.columns[meaning.column];
    if (!meaning.is_weak && column.classification == "restricted") {
      return fmt::format("its header means {}.{}, which is restricted", contract.name, column.name);
    }
  }
  const std::string folded = fold_name(header);
  for (const std::string_view word : split(folded, '_')) {
    if (std::ranges::find(kWords, word) != kWords.end()) {
      return fmt::format("its header says \"{}\"", word);
    }
  }
  return "";
}

void SensitiveSigns::observe(std::string_view text) {
  ++num_values_;
  if (has_form(text, "999-99-9999")) ++num_social_security_;
  const bool is_phone = has_form(text, "999-999-9999") || has_form(text, "(999) 999-9999") ||
                        has_form(text, "999.999.9999") || has_form(text, "+1-999-999-9999");
  if (is_phone) ++num_phones_;
  if (is_mail_address(text)) ++num_addresses_;
}

std::string SensitiveSigns::reason() const {
  const auto is_most = [this](std::uint64_t count) {
    return count > 0 && 2 * count >= num_values_;
  };
  // One is too many.
  if (num_social_security_ > 0) {
    return fmt::format("{} look like social security numbers",
                       counted(num_social_security_, "value"));
  }
  if (is_most(num_phones_)) return "its values look like phone numbers";
  if (is_most(num_addresses_)) return "its values look like mail addresses";
  return "";
}

}  // namespace homeroom::run
