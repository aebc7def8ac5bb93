#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "contract/quality/named_formats.h"
#include "validate/check.h"
#include "validate/full_match.h"

namespace homeroom::validate {
namespace {

using contract::Kind;

class FormatChecker : public ColumnChecker {
 public:
  FormatChecker(std::string_view pattern, std::string reason)
      : expression_(FullMatch::of_known(pattern)), reason_(std::move(reason)) {}

  void check(std::span<const Cell> cells, std::vector<RowProblem>& out) override {
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (!cells[row].has_value()) continue;
      if (!expression_.matches(cells[row].text())) add_problem(out, row, reason_);
    }
  }

 private:
  FullMatch expression_;
  std::string reason_;
};

struct AddressFormat {
  std::string_view name;
  int family;
  std::string_view reason;
};

constexpr std::array<AddressFormat, 2> kAddresses = {
    {{"ipv4", AF_INET, "is not an IPv4 address"}, {"ipv6", AF_INET6, "is not an IPv6 address"}}};

// By the C library, which knows the short forms of RFC 4291.
class AddressChecker : public ColumnChecker {
 public:
  AddressChecker(int family, std::string reason) : family_(family), reason_(std::move(reason)) {}

  void check(std::span<const Cell> cells, std::vector<RowProblem>& out) override {
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (cells[row].has_value() && !is_address(cells[row].text())) add_problem(out, row, reason_);
    }
  }

 private:
  [[nodiscard]] bool is_address(std::string_view text) const {
    std::array<char, INET6_ADDRSTRLEN> copy{};
    if (text.size() >= copy.size() || text.find('\0') != std::string_view::npos) return false;
    std::ranges::copy(text, copy.begin());
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return inet_pton(family_, copy.data(), address.data()) == 1;
  }

  int family_;
  std::string reason_;
};

struct IntegerFormat {
  std::string_view name;
  std::int64_t minimum;
  std::int64_t maximum;
};

template <class Integer>
constexpr IntegerFormat integer_format(std::string_view name) {
  return {name, std::numeric_limits<Integer>::min(), std::numeric_limits<Integer>::max()};
}

// The wider ones hold every whole number that can be stored, but for the sign of u64 and u128.
constexpr std::array<IntegerFormat, 8> kIntegers = {{
    integer_format<std::int8_t>("i8"),
    integer_format<std::int16_t>("i16"),
    integer_format<std::int32_t>("i32"),
    integer_format<std::uint8_t>("u8"),
    integer_format<std::uint16_t>("u16"),
    integer_format<std::uint32_t>("u32"),
    {"u64", 0, std::numeric_limits<std::int64_t>::max()},
    {"u128", 0, std::numeric_limits<std::int64_t>::max()},
}};

class IntegerChecker : public ColumnChecker {
 public:
  IntegerChecker(const IntegerFormat& format, std::string reason)
      : format_(format), reason_(std::move(reason)) {}

  void check(std::span<const Cell> cells, std::vector<RowProblem>& out) override {
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (!cells[row].has_value()) continue;
      const std::string_view text = cells[row].text();
      std::int64_t number = 0;
      const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
      if (read.ec != std::errc{}) continue;  // the business of `type`
      if (number < format_.minimum || number > format_.maximum) add_problem(out, row, reason_);
    }
  }

 private:
  IntegerFormat format_;
  std::string reason_;
};

// Formats of dates say how they are written in files, and those of numbers how a program holds
// them: neither is about the value.
Result<std::unique_ptr<ColumnChecker>> bind(const CheckedColumn& column) {
  const contract::Column* declared = column.declared;
  if (declared == nullptr || declared->format.empty()) return nullptr;
  if (column.table->type == SqlType::kText) {
    for (const contract::NamedFormat& format : contract::kNamedFormats) {
      if (format.name != declared->format) continue;
      return std::make_unique<FormatChecker>(format.pattern,
                                             with_why(std::string(format.reason), declared));
    }
    for (const AddressFormat& format : kAddresses) {
      if (format.name != declared->format) continue;
      return std::make_unique<AddressChecker>(format.family,
                                              with_why(std::string(format.reason), declared));
    }
  }
  if (column.table->type == SqlType::kBigint) {
    for (const IntegerFormat& format : kIntegers) {
      if (format.name != declared->format) continue;
      return std::make_unique<IntegerChecker>(
          format,
          with_why(fmt::format("does not lie between {} and {}", format.minimum, format.maximum),
                   declared));
    }
  }
  return nullptr;
}

constexpr Example kExamples[] = {
    {.in = "ana.ruiz@k12.example.org", .reason = "", .format = "email"},
    {.in = "ana.ruiz@example", .reason = "is not an e-mail address", .format = "email"},
    {.in = "3f2504e0-4f89-41d3-9a0c-0305e82c3301", .reason = "", .format = "uuid"},
    {.in = "{3f2504e0}",
     .reason = "is not a UUID (rosters are joined by it)",
     .why = "rosters are joined by it.",
     .format = "uuid"},
    {.in = "https://example.org/a?b=c", .reason = "", .format = "uri"},
    {.in = "no scheme", .reason = "is not a URI", .format = "uri"},
    {.in = "www.example.org", .reason = "", .format = "hostname"},
    {.in = "www..org", .reason = "is not a host name", .format = "hostname"},
    {.in = "2502790", .reason = "", .format = "nces_district"},
    {.in = "502790",
     .reason = "is not a district's number at NCES (seven digits, the first two of a state)",
     .format = "nces_district"},
    {.in = "250279000342", .reason = "", .format = "nces_school"},
    {.in = "030279000342",
     .reason = "is not a school's number at NCES (twelve digits, the first two of a state)",
     .format = "nces_school"},
    {.in = "A1902342", .reason = "", .format = "nces_private_school"},
    {.in = "1902342",
     .reason = "is not a private school's number at NCES (eight digits, the first two may be "
               "letters)",
     .format = "nces_private_school"},
    {.in = "(617) 555-0100 x12", .reason = "", .format = "phone"},
    {.in = "+49 30 901820", .reason = "", .format = "phone"},
    {.in = "555-0100", .reason = "is not a telephone number with its area code", .format = "phone"},
    {.in = "192.0.2.255", .reason = "", .format = "ipv4"},
    {.in = "192.0.2.256", .reason = "is not an IPv4 address", .format = "ipv4"},
    {.in = "2001:db8::1", .reason = "", .format = "ipv6"},
    {.in = "::ffff:192.0.2.1", .reason = "", .format = "ipv6"},
    {.in = "1:2:3:4:5:6:7::8", .reason = "is not an IPv6 address", .format = "ipv6"},
    {.in = "2001:db8", .reason = "is not an IPv6 address", .format = "ipv6"},
    {.in = "300",
     .reason = "does not lie between 0 and 255",
     .kind = Kind::kInteger,
     .format = "u8"},
    {.in = "anything", .reason = "", .format = "password"},
};

}  // namespace

extern const Check check_format = {
    .name = "format",
    .summary =
        "Texts are what `format` names: email, phone, uuid, uri, hostname, ipv4, ipv6, "
        "nces_district, nces_school, nces_private_school; whole numbers are of the size that it "
        "names (i8 to u128)",
    .bind_column = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
