#include "contract/named_files.h"

#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fnmatch.h>

#include "contract/contract_file.h"

namespace homeroom::contract {
namespace {

constexpr std::int64_t kMaxPlace = 1'000'000;

Result<int> count_of(std::string_view file, const YamlNode& node, std::string_view what,
                     int least) {
  std::int64_t number = -1;
  const char* end = node.text.data() + node.text.size();
  const auto read = std::from_chars(node.text.data(), end, number);
  const bool is_number = node.is_scalar() && read.ec == std::errc() && read.ptr == end;
  if (is_number && number >= least && number <= kMaxPlace) return static_cast<int>(number);
  return tl::unexpected(yaml_error(file, node.line,
                                   fmt::format("{} is no whole number from {} on", what, least),
                                   fmt::format("Write {}: {}", what, least)));
}

Result<char> character_of(std::string_view file, const YamlNode& node, std::string_view what) {
  const std::string text = HOMEROOM_TRY(text_of(file, node, what));
  if (text == "none") return '\0';
  if (text.size() == 1) return text[0];
  return tl::unexpected(
      yaml_error(file, node.line, fmt::format("{} is neither one character nor none", what), ""));
}

Result<FixedColumn> column_of(std::string_view file, const YamlNode& node) {
  HOMEROOM_TRY(
      check_keys(file, node, "key of a column of fixed width", {"name", "start", "length"}));
  const YamlNode* name = node.find("name");
  const YamlNode* start = node.find("start");
  const YamlNode* length = node.find("length");
  if (name == nullptr || start == nullptr || length == nullptr) {
    return tl::unexpected(yaml_error(file, node.line,
                                     "a column of fixed width needs name, start and length",
                                     "Write {name: student_id, start: 1, length: 9}"));
  }
  return FixedColumn{
      .name = HOMEROOM_TRY(text_of(file, *name, "name")),
      .start = static_cast<std::uint32_t>(HOMEROOM_TRY(count_of(file, *start, "start", 1))),
      .length = static_cast<std::uint32_t>(HOMEROOM_TRY(count_of(file, *length, "length", 1)))};
}

Result<std::vector<FixedColumn>> columns_of(std::string_view file, const YamlNode& node) {
  std::vector<FixedColumn> columns;
  if (!node.is_list() || node.items.empty()) {
    return tl::unexpected(yaml_error(file, node.line, "columns is not a list of columns",
                                     "Write - {name: student_id, start: 1, length: 9}"));
  }
  for (const YamlNode& item : node.items) {
    FixedColumn column = HOMEROOM_TRY(column_of(file, item));
    if (!columns.empty() && column.start < columns.back().end()) {
      return tl::unexpected(yaml_error(file, item.line,
                                       fmt::format("column {} starts at {}, within {} before it",
                                                   column.name, column.start, columns.back().name),
                                       "Write the columns in their order, none over another"));
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

Result<NamedFiles> files_of(std::string_view file, const YamlNode& node) {
  HOMEROOM_TRY(check_keys(file, node, "key of homeroom.files",
                          {"name", "delimiter", "quote", "escape", "encoding", "preambleLines",
                           "headerLines", "unitsLines", "columns"}));
  NamedFiles files;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& key = node.keys[i];
    const YamlNode& value = node.items[i];
    GivenDialect& given = files.given;
    if (key == "name") {
      files.pattern = HOMEROOM_TRY(text_of(file, value, key));
    } else if (key == "delimiter") {
      given.delimiter = delimiter_from_word(HOMEROOM_TRY(text_of(file, value, key)));
    } else if (key == "encoding") {
      given.encoding = HOMEROOM_TRY(text_of(file, value, key));
    } else if (key == "columns") {
      given.layout = HOMEROOM_TRY(columns_of(file, value));
    } else if (key == "quote" || key == "escape") {
      (key == "quote" ? given.quote : given.escape) = HOMEROOM_TRY(character_of(file, value, key));
    } else {
      int& lines = key == "preambleLines" ? given.preamble_lines
                   : key == "headerLines" ? given.header_lines
                                          : given.units_lines;
      lines = HOMEROOM_TRY(count_of(file, value, key, 0));
    }
  }
  if (files.pattern.empty()) {
    return tl::unexpected(yaml_error(file, node.line, "an entry of homeroom.files has no name",
                                     "Write name: \"staar_*.txt\""));
  }
  return files;
}

bool fits(const std::string& pattern, const FileName& name) {
  const std::string file = name.path.substr(name.path.find_last_of('/') + 1);
  const bool has_folder = pattern.find('/') != std::string::npos;
  const std::string text = has_folder ? name.folder + "/" + file : file;
  return fnmatch(pattern.c_str(), text.c_str(), FNM_CASEFOLD) == 0;
}

}  // namespace

std::string delimiter_from_word(const std::string& word) {
  if (word == "tab" || word == "\\t") return "\t";
  if (word == "comma") return ",";
  if (word == "semicolon") return ";";
  if (word == "pipe") return "|";
  if (word == "space") return " ";
  return word;
}

Result<KnownFile> find_by_name(const ContractSet& contracts, const FileName& name) {
  KnownFile known;
  for (const Contract& contract : contracts.contracts()) {
    for (const NamedFiles& files : contract.files) {
      if (!fits(files.pattern, name)) continue;
      if (known.contract != nullptr && known.contract != &contract) {
        return fail(ErrorCode::kConfig,
                    fmt::format("the file's name fits homeroom.files of {} and of {}",
                                known.contract->name, contract.name),
                    "make one of the two patterns narrower");
      }
      if (known.contract == nullptr) known = {.contract = &contract, .files = &files};
    }
  }
  return known;
}

Status apply_named_files(std::string_view file, const YamlNode& value, std::string_view /*name*/,
                         Contract& contract) {
  if (!value.is_list()) {
    return tl::unexpected(yaml_error(file, value.line, "homeroom.files is not a list",
                                     "Write - {name: \"staar_*.txt\", delimiter: tab}"));
  }
  contract.files.clear();
  for (const YamlNode& item : value.items) {
    contract.files.push_back(HOMEROOM_TRY(files_of(file, item)));
  }
  return {};
}

}  // namespace homeroom::contract
