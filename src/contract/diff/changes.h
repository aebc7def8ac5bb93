#pragma once

// What the parts of a comparison are gathered in.

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "contract/diff/diff.h"

namespace homeroom::contract {

/// Gathers the changes of one data set. Not shared by threads.
class Changes {
 public:
  Changes(std::string dataset, std::vector<ContractChange>& out)
      : dataset_(std::move(dataset)), out_(&out) {}

  /// The column that the next changes are of; empty: the data set itself.
  void enter(std::string column) { column_ = std::move(column); }

  /// Nothing where both are the same.
  void add(std::string_view part, std::string before, std::string after, Breaks breaks);

  /// What only one side has of a list, or both lists where only their order differs.
  void add_list(std::string_view part, const std::vector<std::string>& before,
                const std::vector<std::string>& after, Breaks of_lost, Breaks of_new);

 private:
  std::string dataset_;
  std::string column_;
  std::vector<ContractChange>* out_;
};

/// Which values of a limit take less than others.
enum class Tighter : std::uint8_t { kHigher, kLower };

/// The number, or nothing for what is none (a day).
[[nodiscard]] std::optional<double> number_in(std::string_view text);

/// Whether `after` takes less than `before`. No limit takes all; days and numbers are compared as
/// what they are.
[[nodiscard]] bool is_tighter(const std::optional<std::string>& before,
                              const std::optional<std::string>& after, Tighter tighter);

/// Senders where something that was taken is so no more, else `otherwise`.
[[nodiscard]] constexpr Breaks senders_if(bool is_so, Breaks otherwise = Breaks::kNobody) {
  return is_so ? Breaks::kSenders : otherwise;
}

/// "40 %", of a fraction.
[[nodiscard]] inline std::string percent_text(double fraction) {
  return fmt::format("{:g} %", 100 * fraction);
}

/// The parts of the comparison, one file each.
void diff_column(const Column& before, const Column& after, Changes& changes);
void diff_quality(const Contract& before, const Contract& after, Changes& changes);
void diff_load_checks(const LoadChecks& before, const LoadChecks& after, Changes& changes);
void diff_references(const Contract& before, const Contract& after, Changes& changes);

}  // namespace homeroom::contract
