#include "validate/class_pattern.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace homeroom::validate {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kWord =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
// Escaped, these mean themselves; not escaped, they mean something that is not read here.
constexpr std::string_view kSpecial = R"(^$\.*+?()[]{}|/)";

constexpr std::string_view kSpecialInClass = R"([]\^-)";

bool is_plain(char byte, std::string_view special = kSpecial) {
  return byte >= ' ' && byte <= '~' && special.find(byte) == std::string_view::npos;
}

}  // namespace

// Reads one pattern from left to right. Each read_ function takes what it knows off the front and
// returns false for what it does not know.
class ClassPattern::Compiler {
 public:
  Compiler(std::string_view pattern, ClassPattern& out) : left_(pattern), out_(&out) {}

  bool read_all() {
    take('^');
    if (left_.ends_with('$') && !left_.ends_with("\\$")) left_.remove_suffix(1);
    while (!left_.empty()) {
      if (out_->runs_.size() == kMaxRuns) return false;
      run_ = {.bit = std::uint32_t{1} << out_->runs_.size()};
      if (!read_characters() || !read_count()) return false;
      out_->runs_.push_back(run_);
    }
    return true;
  }

 private:
  bool take(char wanted) {
    if (!left_.starts_with(wanted)) return false;
    left_.remove_prefix(1);
    return true;
  }

  void add(char byte) {
    auto& runs = out_->runs_of_[static_cast<unsigned char>(byte)];
    runs = static_cast<std::uint16_t>(runs | run_.bit);
  }

  void add(std::string_view bytes) {
    for (const char byte : bytes) add(byte);
  }

  char take_any() {
    const char byte = left_.front();
    left_.remove_prefix(1);
    return byte;
  }

  bool read_characters() {
    if (take('[')) return read_class();
    if (take('\\')) return read_escape();
    if (!is_plain(left_.front())) return false;
    add(take_any());
    return true;
  }

  bool read_escape() {
    if (left_.empty()) return false;
    const char byte = take_any();
    const bool is_itself = kSpecial.find(byte) != std::string_view::npos || byte == '-';
    if (is_itself) add(byte);
    if (byte == 'd') add(kDigits);
    if (byte == 'w') add(kWord);
    return is_itself || byte == 'd' || byte == 'w';
  }

  // After the bracket. A dash is itself at either end and makes a range between two characters.
  bool read_class() {
    if (left_.starts_with(']')) return false;
    if (take('-')) add('-');
    while (!take(']')) {
      if (left_.empty() || !read_class_item()) return false;
    }
    return true;
  }

  bool read_class_item() {
    if (take('\\')) return read_escape() && !is_at_range();
    const char first = take_any();
    if (first == '-' && left_.starts_with(']')) {
      add('-');
      return true;
    }
    if (!is_plain(first, kSpecialInClass)) return false;
    char last = first;
    if (is_at_range()) {
      take('-');
      last = left_.empty() ? '\0' : take_any();
      if (!is_plain(last, kSpecialInClass) || last < first) return false;
    }
    // Both are ASCII, so the byte after the last is a char too.
    for (char byte = first; byte <= last; ++byte) add(byte);
    return true;
  }

  [[nodiscard]] bool is_at_range() const {
    return left_.starts_with('-') && !left_.starts_with("-]");
  }

  bool read_count() {
    if (take('?')) {
      run_.min = 0;
    } else if (take('*')) {
      run_.min = 0;
      run_.max = kUnlimited;
    } else if (take('+')) {
      run_.max = kUnlimited;
    } else if (take('{') && !read_braces()) {
      return false;
    }
    // A second sign after the first (`+?`) changes its meaning.
    return left_.empty() || std::string_view("?*+{").find(left_.front()) == std::string_view::npos;
  }

  bool read_braces() {
    if (!read_number(run_.min)) return false;
    run_.max = run_.min;
    if (take(',')) {
      run_.max = kUnlimited;
      if (!left_.starts_with('}') && !read_number(run_.max)) return false;
    }
    return take('}') && run_.min <= run_.max;
  }

  bool read_number(std::uint32_t& out) {
    constexpr std::uint32_t kMaxCount = 1000;  // as RE2
    const auto [end, error] = std::from_chars(left_.data(), left_.data() + left_.size(), out);
    if (error != std::errc{} || out > kMaxCount) return false;
    left_.remove_prefix(static_cast<std::size_t>(end - left_.data()));
    return true;
  }

  std::string_view left_;
  ClassPattern* out_;
  Run run_;
};

std::optional<ClassPattern> ClassPattern::compile(std::string_view pattern) {
  ClassPattern compiled;
  if (!Compiler(pattern, compiled).read_all() || !compiled.is_unambiguous()) return std::nullopt;
  return compiled;
}

bool ClassPattern::overlap(const Run& left, const Run& right) const {
  const std::uint32_t both = left.bit | right.bit;
  return std::ranges::any_of(runs_of_, [&](std::uint32_t runs) { return (runs & both) == both; });
}

// Taking as many characters as fit is right when none of them could have begun what follows.
bool ClassPattern::is_unambiguous() const {
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    if (runs_[i].min == runs_[i].max) continue;
    for (std::size_t next = i + 1; next < runs_.size(); ++next) {
      if (overlap(runs_[i], runs_[next])) return false;
      if (runs_[next].min > 0) break;
    }
  }
  return true;
}

}  // namespace homeroom::validate
