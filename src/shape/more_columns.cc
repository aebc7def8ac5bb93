#include "shape/more_columns.h"

#include <string_view>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/text.h"

namespace homeroom::shape {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

void append_escaped(char c, std::string& out) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte == 0) {
    out += kReplacement;  // PostgreSQL's jsonb takes no \u0000
  } else if (byte < 0x20) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
  } else {
    out.push_back(c);
  }
}

std::size_t sequence_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first < 0xE0) return 2;
  return first < 0xF0 ? 3 : 4;
}

void append_repaired(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(static_cast<unsigned char>(text[0]));
    if (length <= text.size() && is_valid_utf8(text.substr(0, length))) {
      for (const char c : text.substr(0, length)) append_escaped(c, out);
      text.remove_prefix(length);
    } else {
      out += kReplacement;
      text.remove_prefix(1);
    }
  }
}

}  // namespace

void append_json_string(std::string_view text, std::string& out) {
  out.push_back('"');
  if (is_valid_utf8(text)) {
    for (const char c : text) append_escaped(c, out);
  } else {
    append_repaired(text, out);
  }
  out.push_back('"');
}

MoreColumns::MoreColumns(std::span<const std::size_t> sources,
                         std::span<const std::string> headers) {
  std::unordered_set<std::string> taken;
  for (const std::size_t source : sources) {
    std::string name(trim(headers[source]));
    if (name.empty()) name = fmt::format("column_{}", source + 1);
    std::string key = name;
    for (std::size_t number = 2; !taken.insert(key).second; ++number) {
      key = fmt::format("{}_{}", name, number);
    }
    Member member{.source = source, .key = {}};
    append_json_string(key, member.key);
    member.key.push_back(':');
    members_.push_back(std::move(member));
  }
}

Cell MoreColumns::write(Batch& batch, RowIndex row) const {
  std::string object;
  for (const Member& member : members_) {
    const Cell& cell = batch.columns[member.source][row];
    if (cell.state == CellState::kNull) continue;
    object.push_back(object.empty() ? '{' : ',');
    object += member.key;
    append_json_string(cell.text(), object);
  }
  if (object.empty()) return {.data = "", .size = 0, .state = CellState::kNull};
  object.push_back('}');
  return value_cell(batch.arena.copy(object));
}

}  // namespace homeroom::shape
