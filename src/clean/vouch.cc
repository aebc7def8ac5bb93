#include "clean/vouch.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <string_view>
#include <vector>

#include "clean/canonical.h"
#include "clean/contact_text.h"
#include "clean/short_text.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

// A canonical text means something else in these columns: 0.92 is 92 percent, 1.234 may be
// thousands, a school year is the one it starts in.
bool is_in_other_terms(const ColumnContext& context) {
  const ColumnProfile& profile = context.profile;
  switch (context.kind) {
    case Kind::kPercent:
      return profile.is_fraction || profile.mixes_percent_and_fraction ||
             profile.uses_decimal_comma;
    case Kind::kDecimal:
      return profile.uses_decimal_comma;
    case Kind::kSchoolYear:
      return context.school_year_is_start;
    default:
      return false;
  }
}

bool is_never(std::string_view /*text*/) {
  return false;
}

}  // namespace

CodeSet::CodeSet(const contract::Enumeration& enumeration) {
  slots_.resize(std::bit_ceil(enumeration.values.size() * 4 + 1));
  for (const contract::EnumerationValue& value : enumeration.values) {
    if (value.code.empty()) continue;
    if (value.code.size() > kMaxShortText) {
      long_codes_.push_back(value.code);
      continue;
    }
    const ShortText code = short_text(value.code);
    std::size_t slot = code.hash() & (slots_.size() - 1);
    while (slots_[slot].size != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = code;
  }
}

bool CodeSet::contains(std::string_view text) const {
  if (text.size() > kMaxShortText) return std::ranges::find(long_codes_, text) != long_codes_.end();
  if (slots_.empty()) return false;
  const ShortText code = short_text(text);
  std::size_t slot = code.hash() & (slots_.size() - 1);
  while (slots_[slot].size != 0) {
    if (slots_[slot] == code) return true;
    slot = (slot + 1) & (slots_.size() - 1);
  }
  return false;
}

Voucher::Voucher(const ColumnContext& context, Traits looked_for)
    : kind_(context.kind),
      looked_for_(looked_for),
      vouches_for_kind_((looked_for & kEveryValue) == 0 && !is_in_other_terms(context)) {
  if (context.enumeration == nullptr) return;
  codes_ = CodeSet(*context.enumeration);
  has_codes_ = true;
}

template <class IsCanonical>
void Voucher::find_unless(IsCanonical is_canonical, Traits unread, std::vector<Cell>& cells,
                          const OpenRows& open, EditMemory& memory) const {
  const std::size_t num_rows = cells.size();
  if (memory.traits.size() < num_rows) {
    memory.traits.resize(num_rows);
    memory.changed_by.resize(num_rows);
  }
  memory.suspects.resize(num_rows);
  std::size_t num_suspects = 0;
  const auto look_at = [&](std::size_t row) {
    Cell& cell = cells[row];
    if (cell.state != CellState::kValue) return;
    if (cell.size == 0) {
      cell.state = CellState::kNull;
      return;
    }
    const std::string_view text = cell.text();
    if (is_canonical(text)) return;
    // Where some rule wants every unread cell, its bytes are looked at only when its outcome is not
    // known from an equal one.
    Traits traits = unread | kEveryValue;
    traits |= (unread & looked_for_) != 0 ? kNotLookedAt : classify(text);
    if ((traits & (looked_for_ | kNotLookedAt)) == 0) return;
    memory.traits[row] = traits;
    memory.changed_by[row] = 0;
    memory.suspects[num_suspects++] = static_cast<RowIndex>(row);
  };
  if (open.is_all) {
    for (std::size_t row = 0; row < num_rows; ++row) look_at(row);
  } else {
    for (const RowIndex row : open.rows) look_at(row);
  }
  memory.suspects.resize(num_suspects);
}

void Voucher::find_suspects(std::vector<Cell>& cells, const OpenRows& open,
                            EditMemory& memory) const {
  const auto find = [&](auto is_canonical, Traits unread = kUnread) {
    find_unless(is_canonical, unread, cells, open, memory);
  };
  if (!vouches_for_kind_) return find(is_never);
  switch (kind_) {
    case Kind::kText:
      // An open list: what is no code may still be a spelling of one.
      if (has_codes_) return find([this](std::string_view text) { return codes_.contains(text); });
      return find(is_never, Traits{0});
    case Kind::kMark:
      return find(is_never, Traits{0});
    case Kind::kPersonName:
      return find(is_plain_name);
    case Kind::kEmail:
      return find(is_plain_email);
    case Kind::kPhone:
      return find(is_plain_phone);
    case Kind::kPostcode:
      return find(is_plain_postcode);
    case Kind::kIdentifier:
      return find([](std::string_view text) { return is_all_digits(text); }, Traits{0});
    case Kind::kInteger:
      return find([](std::string_view text) {
        return is_small_whole_number(text) || is_canonical_integer(text);
      });
    case Kind::kDecimal:
    case Kind::kPercent:
      return find(is_canonical_decimal);
    case Kind::kDate:
      return find([](std::string_view text) { return is_stored_date(text); });
    case Kind::kTime:
      return find(is_canonical_time);
    case Kind::kTimestamp:
      return find(is_canonical_timestamp);
    case Kind::kBoolean:
      return find([](std::string_view text) { return is_canonical_boolean(text); });
    case Kind::kSchoolYear:
      return find(is_canonical_school_year);
    case Kind::kEnumeration:
      return find([this](std::string_view text) { return codes_.contains(text); });
  }
}

}  // namespace homeroom::clean
