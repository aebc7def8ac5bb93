#pragma once

// How dates are written, as the standard's `format` says it: "MM/dd/yyyy".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace homeroom::contract {

/// Letters as those of Java's DateTimeFormatter: yyyy, yy, MM, M, MMM (Sep), MMMM (September), dd,
/// d, HH, H, hh, h, mm, ss, a (AM); 'text' in single quotes and all other characters stand for
/// themselves. A single M, d, H or h is one or two digits, a double one is two.
class DateFormat {
 public:
  /// Nothing for what is no format: other letters, no year, month or day, one of them twice, digits
  /// that nothing divides ("Mdyyyy").
  [[nodiscard]] static std::optional<DateFormat> parse(std::string_view format);

  /// The whole text is written so, and its month, day and time are ones that there are.
  [[nodiscard]] bool matches(std::string_view text) const;

  /// Only digits, month before day (or day before month): the order of the column is known.
  [[nodiscard]] bool is_month_first() const;
  [[nodiscard]] bool is_day_first() const;

 private:
  struct Part {
    char letter = 0;  ///< 0: `text` stands for itself
    std::size_t count = 0;
    std::string text = {};
  };

  [[nodiscard]] std::size_t position_of(char letter) const;
  static bool take_part(const Part& part, std::string_view& rest);

  std::vector<Part> parts_;
};

}  // namespace homeroom::contract
