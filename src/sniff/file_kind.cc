#include "sniff/file_kind.h"

#include <array>
#include <string>

#include <fmt/format.h>

#include "base/text.h"

namespace homeroom::sniff {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kSaveAsCsv = "open it and save or export the table as CSV (UTF-8)";
constexpr std::string_view kUnpack = "unpack it and send the CSV files that are in it";
constexpr std::string_view kNoTable = "send the table itself, as CSV";

struct Kind {
  std::string_view start;
  std::size_t offset;
  std::string_view name;
  std::string_view hint;
};

// Source: the formats' own specifications; the list of file signatures in file(1).
constexpr std::array kKinds = {
    Kind{"%PDF-"sv, 0, "a PDF document"sv,
         "export the data as CSV from the program that made the PDF"sv},
    Kind{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, 0, "an old Excel or Word file (XLS, DOC)"sv,
         kSaveAsCsv},
    Kind{"\x1F\x8B"sv, 0, "compressed with gzip once more"sv, kUnpack},
    Kind{"\x28\xB5\x2F\xFD"sv, 0, "compressed with zstd once more"sv, kUnpack},
    Kind{"BZh"sv, 0, "compressed with bzip2"sv, kUnpack},
    Kind{"\xFD\x37\x7A\x58\x5A\x00"sv, 0, "compressed with xz"sv, kUnpack},
    Kind{"7z\xBC\xAF\x27\x1C"sv, 0, "a 7-Zip archive"sv, kUnpack},
    Kind{"Rar!\x1A\x07"sv, 0, "a RAR archive"sv, kUnpack},
    Kind{"ustar"sv, 257, "a tar archive"sv, kUnpack},
    Kind{"\x89PNG\r\n\x1A\n"sv, 0, "an image (PNG)"sv, kNoTable},
    Kind{"\xFF\xD8\xFF"sv, 0, "an image (JPEG)"sv, kNoTable},
    Kind{"GIF87a"sv, 0, "an image (GIF)"sv, kNoTable},
    Kind{"GIF89a"sv, 0, "an image (GIF)"sv, kNoTable},
    Kind{"II*\0"sv, 0, "an image (TIFF)"sv, kNoTable},
    Kind{"MM\0*"sv, 0, "an image (TIFF)"sv, kNoTable},
    Kind{"\x7F"
         "ELF"sv,
         0, "a program"sv, kNoTable},
    Kind{"SQLite format 3\0"sv, 0, "an SQLite database"sv, "export the table as CSV"sv},
    Kind{"PAR1"sv, 0, "a Parquet file"sv, "export the table as CSV"sv},
    Kind{"ORC"sv, 0, "an ORC file"sv, "export the table as CSV"sv},
    Kind{"ARROW1"sv, 0, "an Arrow file"sv, "export the table as CSV"sv},
    Kind{"Obj\x01"sv, 0, "an Avro file"sv, "export the table as CSV"sv},
    Kind{"$FL2@(#)"sv, 0, "an SPSS file"sv, "export the table as CSV"sv},
    Kind{"\x00\x01\x00\x00Standard "sv, 0, "an Access database"sv, "export the table as CSV"sv},
    Kind{"{\\rtf"sv, 0, "a word processor document (RTF)"sv, kSaveAsCsv},
};

tl::unexpected<Error> refuse(std::string_view name, std::string_view hint) {
  return fail(ErrorCode::kInvalidInput, fmt::format("the file is {}, not a CSV table", name),
              std::string(hint));
}

// What is in a ZIP file is told by the names of its first members, which stand uncompressed.
Status refuse_zip(std::string_view head) {
  const std::string_view names = head.substr(0, 4096);
  const auto has = [names](std::string_view name) { return names.find(name) != names.npos; };
  if (has("xl/") || has("[Content_Types].xml")) {
    return refuse("an Excel workbook or another Office document (XLSX, DOCX)", kSaveAsCsv);
  }
  if (has("opendocument")) return refuse("an OpenDocument file (ODS, ODT)", kSaveAsCsv);
  return refuse("a ZIP archive", kUnpack);
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

// {"key" or [{ or [[ or ["...: text of that form is a table for no delimiter.
bool is_json(std::string_view text) {
  const char open = text[0];
  if (open != '{' && open != '[') return false;
  const std::string_view rest = trim(text.substr(1, 200));
  if (rest.empty()) return false;
  if (open == '{') return rest[0] == '"' || rest[0] == '}';
  return rest[0] == '{' || rest[0] == '[';
}

bool is_json_lines(std::string_view text) {
  const std::size_t line_end = text.find_first_of("\r\n");
  if (line_end == std::string_view::npos) return false;
  const std::string_view first = trim(text.substr(0, line_end));
  const std::string_view second = trim(text.substr(line_end));
  return first.ends_with('}') && second.starts_with('{');
}

// {"a": 1}~5~x: the first object ends in mid-line, so that it is the first value of a row.
bool is_json_in_a_cell(std::string_view text) {
  int depth = 0;
  bool is_quoted = false;
  for (std::size_t at = 0; at < text.size() && text[at] != '\n'; ++at) {
    const char c = text[at];
    if (is_quoted && c == '\\') ++at;
    if (c == '"') is_quoted = !is_quoted;
    if (is_quoted) continue;
    depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    if (depth > 0) continue;
    const std::string_view rest = text.substr(at + 1, text.find('\n', at) - at - 1);
    const std::string_view behind = trim(rest);
    return !behind.empty() && behind != "," && behind[0] != '{';
  }
  return false;
}

}  // namespace

Status refuse_binary(std::string_view head) {
  if (head.empty()) {
    return fail(ErrorCode::kInvalidInput, "the file is empty",
                "check that the export has finished, then send the file again");
  }
  if (head.starts_with("PK\x03\x04")) return refuse_zip(head);
  for (const Kind& kind : kKinds) {
    if (head.size() > kind.offset && head.substr(kind.offset).starts_with(kind.start)) {
      return refuse(kind.name, kind.hint);
    }
  }
  return {};
}

Status refuse_markup(std::string_view text) {
  text = trim(text);
  if (text.empty()) return {};
  for (const std::string_view start : {"<!doctype html"sv, "<html"sv, "<head"sv, "<table"sv}) {
    if (starts_with_ignoring_case(text, start)) {
      return refuse("a web page (HTML)",
                    "download the file again; a sign-in or error page was saved in its place");
    }
  }
  if (text.starts_with("<?xml")) return refuse("XML", "export the table as CSV");
  if (is_json(text) && !is_json_in_a_cell(text)) {
    const bool is_lines = text[0] == '{' && is_json_lines(text);
    return refuse(is_lines ? "JSON lines" : "JSON", "export the table as CSV");
  }
  return {};
}

}  // namespace homeroom::sniff
