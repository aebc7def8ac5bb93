#pragma once

// Formats of texts that `logicalTypeOptions.format` names and a regular expression can tell.
//
// Source: RFC 5321 (mail), RFC 9562 (UUID), RFC 3986 (URI), RFC 1123 (host names), each as far as
// what a file of people or schools may hold. ITU-T E.164 (phone). National Center for Education
// Statistics, "Documentation to the Common Core of Data": an agency is the two digits of its state
// (FIPS, and those of the Bureau of Indian Education and of defense schools) and five more, a
// school five more than that; "Private School Universe Survey": eight characters, one or two
// letters first or none.

#include <array>
#include <string_view>

namespace homeroom::contract {

struct NamedFormat {
  std::string_view name;
  std::string_view pattern;  ///< RE2, of the whole text
  std::string_view reason;   ///< "is not an e-mail address"
};

#define HOMEROOM_STATE_DIGITS \
  "(0[124-689]|1[0-35-9]|2[0-9]|3[0-9]|4[0-24-9]|5[0-13-689]|6[0136-9]|7[0-8])"

inline constexpr std::array<NamedFormat, 8> kNamedFormats = {{
    {"email", R"([^@\s,;<>"]+@[\pL\pN]([\pL\pN-]*[\pL\pN])?(\.[\pL\pN]([\pL\pN-]*[\pL\pN])?)+)",
     "is not an e-mail address"},
    {"uuid", "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
     "is not a UUID"},
    {"uri", R"([A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+)", "is not a URI"},
    {"hostname",
     R"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*)",
     "is not a host name"},
    {"nces_district", HOMEROOM_STATE_DIGITS "[0-9]{5}",
     "is not a district's number at NCES (seven digits, the first two of a state)"},
    {"nces_school", HOMEROOM_STATE_DIGITS "[0-9]{10}",
     "is not a school's number at NCES (twelve digits, the first two of a state)"},
    {"nces_private_school", "[A-Z]{2}[0-9]{6}|[A-Z][0-9]{7}|[0-9]{8}",
     "is not a private school's number at NCES (eight digits, the first two may be letters)"},
    {"phone",
     R"((\+[1-9][0-9 .()/-]{6,20}[0-9]|(1[ .-]?)?\(?[0-9]{3}\)?[ .-]?[0-9]{3}[ .-]?[0-9]{4})( ?(x|ext\.?|#) ?[0-9]{1,6})?)",
     "is not a telephone number with its area code"},
}};

#undef HOMEROOM_STATE_DIGITS

}  // namespace homeroom::contract
