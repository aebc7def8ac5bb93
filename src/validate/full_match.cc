#include "validate/full_match.h"

#include <utility>

#include <fmt/format.h>
#include <re2/re2.h>

namespace homeroom::validate {

namespace {

RE2::Options options() {
  constexpr std::int64_t kMaxMemoryBytes = 1 << 20;
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(kMaxMemoryBytes);
  return options;
}

}  // namespace

struct FullMatch::Expression {
  Expression(std::string_view pattern, const RE2::Options& how)
      : re({pattern.data(), pattern.size()}, how) {}

  RE2 re;
};

FullMatch::FullMatch(std::unique_ptr<Expression> expression) : expression_(std::move(expression)) {}

FullMatch::FullMatch(FullMatch&&) noexcept = default;
FullMatch& FullMatch::operator=(FullMatch&&) noexcept = default;
FullMatch::~FullMatch() = default;

Result<FullMatch> FullMatch::create(std::string_view pattern, const contract::Quality& quality) {
  auto expression = std::make_unique<Expression>(pattern, options());
  if (!expression->re.ok()) {
    return fail_quality(
        quality, fmt::format("its pattern is no regular expression: {}", expression->re.error()),
        "look-around and back-references are not known; the rest is as in ECMAScript");
  }
  return FullMatch(std::move(expression));
}

FullMatch FullMatch::of_known(std::string_view pattern) {
  return FullMatch(std::make_unique<Expression>(pattern, options()));
}

bool FullMatch::matches(std::string_view text) const {
  return expression_->re.Match({text.data(), text.size()}, 0, text.size(), RE2::ANCHOR_BOTH,
                               nullptr, 0);
}

std::string FullMatch::first_group(std::string_view text) const {
  re2::StringPiece groups[2];
  const int wanted = expression_->re.NumberOfCapturingGroups() > 0 ? 2 : 1;
  const bool is_match = expression_->re.Match({text.data(), text.size()}, 0, text.size(),
                                              RE2::UNANCHORED, groups, wanted);
  const re2::StringPiece& found = groups[wanted - 1];
  return is_match ? std::string(found.data(), found.size()) : std::string();
}

}  // namespace homeroom::validate
