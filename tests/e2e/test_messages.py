"""Every kind of bad input with exactly what is said of it: tests/golden/reader_messages.txt.

HOMEROOM_UPDATE_GOLDEN=1 writes the file anew: read what changed before it is committed.
"""

import gzip
import io
import json
import os
import unittest
import zipfile

from support import ROOT, FolderTest, homeroom

GOLDEN = ROOT / "tests" / "golden" / "reader_messages.txt"

ROWS = "".join(f"{n},2025-09-{n:02},Ada {n},{n % 7}\n" for n in range(10, 30))
TABLE = "id,day,name,score\n" + ROWS


def twice(text):
    """As a program writes UTF-8 that it takes for Windows-1252."""
    return text.encode().decode("cp1252").encode()


LAYOUT = """apiVersion: v3.1.0
kind: DataContract
id: test.scores
version: 1.0.0
status: active
schema:
  - name: scores
    customProperties:
      - property: homeroom.files
        value:
          - name: "layout_*.txt"
            columns:
              - {name: id, start: 1, length: 5}
              - {name: name, start: 6, length: 10}
              - {name: score, start: 16, length: 3}
    properties:
      - {name: id, logicalType: string}
      - {name: name, logicalType: string}
      - {name: score, logicalType: integer}
"""
FIXED = "".join(f"{n:05}{'Ada':<10}{n:>3}\n" for n in range(10, 30))


def encrypted(whole):
    """The zip of one file with its flag "encrypted" set, in both of its headers."""
    whole = bytearray(whole)
    whole[6] |= 1
    whole[whole.find(b"PK\1\2") + 8] |= 1
    return bytes(whole)


def zipped(**files):
    """A zip of these files, the same bytes each time; "__" in a name is its dot."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name.replace("__", ".")), text, zipfile.ZIP_DEFLATED)
    return content.getvalue()


# Name -> content and flags. Each name says what is wrong or odd.
CASES = {
    # Encodings.
    "bom.csv": ("\ufeff" + TABLE, []),
    "utf_16_le.csv": (("\ufeff" + TABLE).encode("utf-16-le"), []),
    "utf_16_be_without_bom.csv": (TABLE.encode("utf-16-be"), []),
    "windows_1252.csv": (TABLE.replace("Ada", "Zoë Muñoz").encode("cp1252"), []),
    "windows_1250.csv": (TABLE.replace("Ada", "Łukasz Žižka").encode("cp1250"), []),
    "windows_1251.csv": (TABLE.replace("Ada", "Анна Иванова").encode("cp1251"), []),
    "iso_8859_7.csv": (TABLE.replace("Ada", "Άννα Ελένη").encode("iso8859-7"), []),
    "mac_roman.csv": (TABLE.replace("Ada", "Zoë Muñoz – résumé").encode("mac_roman"), []),
    "utf_8_within_utf_8.csv": (twice(TABLE.replace("Ada", "Zoé")), []),
    "utf_8_within_utf_8_with_a_bom.csv": ("\ufeff".encode() + twice(TABLE.replace("Ada", "Zoé")), []),
    "utf_8_within_utf_8_in_part.csv": (twice(TABLE.replace("Ada", "Zoé")) + "30,2025-10-01,Zoë,1\n".encode(), []),
    "damaged_utf_8.csv": (TABLE.replace("Ada", "Zoë").encode() + b"30,2025-10-01,Zo\xeb,1\n", []),
    "letters_lost_before.csv": ("\ufeff" + TABLE.replace("Ada 1", "Zo\ufffd 1"), []),
    "a_row_too_long_in_utf_16.csv": (("\ufeff" + TABLE + "30,2025-10-01,Hill, Zoë,5\n").encode("utf-16-le"), []),
    "a_row_too_long_in_windows_1252.csv": ((TABLE.replace("Ada", "Zoë Muñoz") + "30,2025-10-01,Hill, Bo,5\n").encode("cp1252"), []),
    "unknown_encoding.csv": (TABLE, ["--encoding", "klingon"]),
    # Above, below and beside the table.
    "title_rows.csv": ("Scores of 2025\nPrinted 2025-10-01\n\n" + TABLE, []),
    "units_row.csv": ("id,day,name,minutes\n,YYYY-MM-DD,,(min)\n" + ROWS, []),
    "header_of_two_rows.csv": ("Student,Fall,Fall,Spring\nId,Math,ELA,Math\n" + "".join(f"{n},{n % 5},{n % 7},{n % 3}\n" for n in range(100, 120)), []),
    "no_header.csv": (ROWS, []),
    "footer.csv": (TABLE + "Total,,,57\n", []),
    "repeated_header.csv": (TABLE + "id,day,name,score\n" + ROWS.replace("Ada", "Bo"), []),
    "two_tables.csv": (TABLE + "\nid,day,name\n1,2025-09-01,Cy\n2,2025-09-02,Di\n", []),
    "two_tables_of_one_width.csv": (TABLE + "\ncode,since,school,room\n7,2020-08-01,Oak,12\n8,2021-08-01,Elm,14\n", []),
    "two_tables_with_titles.csv": ("Scores\n" + TABLE + "\nSchools\nschool,rooms\nOak,12\nElm,14\n", []),
    "blank_lines.csv": (TABLE.replace("\n12,", "\n\n12,"), []),
    "sep_line.csv": ("sep=;\n" + TABLE.replace(",", ";"), []),
    "header_with_another_delimiter.csv": (TABLE.replace(",", ";").replace("id;day;name;score", "id,day,name,score"), []),
    "header_with_a_name_twice.csv": (TABLE.replace("name", "day"), []),
    "header_with_names_repeated.csv": ("Scores\nid,day,id,day\n" + ROWS, []),
    "header_without_a_name.csv": (TABLE.replace("name", ""), []),
    "header_too_short.csv": (TABLE.replace("id,day,name,score", "id,day name,score"), []),
    # Rows.
    "row_too_long.csv": (TABLE + "30,2025-10-01,Hill, Bo,5\n", []),
    "row_too_short.csv": (TABLE + "30,2025-10-01 Bo,5\n", []),
    "row_with_empty_fields_behind.csv": (TABLE + "30,2025-10-01,Bo,5,,\n", []),
    "stray_quote.csv": (TABLE + '29,2025-10-01,"Hill, Bo",5\n30,2025-10-01,5" pipe,5\n', []),
    "text_after_quote.csv": (TABLE + '30,2025-10-01,"Bo" Hill,5\n', []),
    "quote_never_closed.csv": (TABLE + '30,2025-10-01,"Bo,5\n' + ROWS.replace("Ada", "Bo"), []),
    "nul_byte.csv": (TABLE + "30,2025-10-01,B\0o,5\n", []),
    "mixed_line_ends.csv": (TABLE.replace("12\n", "12\r\n").replace("3\n", "3\r"), []),
    "backslashes.csv": (TABLE + '30,2025-10-01,"Bo \\"B\\" Hill",5\n31,2025-10-02,"Cy \\"C\\" Hill",5\n', []),
    "formulas.csv": (TABLE.replace("\n1", '\n="001').replace(",2025", '",2025'), []),
    # What is no table.
    "empty.csv": ("", []),
    "blank.csv": ("\n \n\n", []),
    "letter.csv": ("Dear parents,\n\nwe will be closed on Friday, and on Monday.\nPlease bring warm clothes.\n", []),
    "page.csv": ("<!DOCTYPE html><html><body><table><tr><td>1</td></tr></table></body></html>\n", []),
    "data.csv": ('{"students": [{"id": 1}, {"id": 2}]}\n', []),
    "print.csv": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n" * 9, []),
    "photo.csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, []),
    "torn.csv.gz": (gzip.compress(TABLE.encode() * 500, mtime=0)[:500], []),
    "a_value_of_many_lines.csv": (TABLE + '30,2025-10-01,"' + "x\n" * 300 + '",5\n', []),
    "fixed_width.txt": ("".join(f"{n:05}Ada {n:<12}{n % 7:>3}\n" for n in range(10, 60)), []),
    "layout_short_line.txt": (FIXED + "00030Ada\n", ["--contracts", "CONTRACTS"]),
    "layout_long_line.txt": (FIXED + "00030Ada         5 and more\n", ["--contracts", "CONTRACTS"]),
    # Archives.
    "locked.zip": (encrypted(zipped(scores__csv=TABLE)), []),
    "bomb.zip": (zipped(scores__csv="id,note\n" + "1,2\n" * 20_000_000), ["--max-ratio", "100"]),
    "zip_of_nothing.zip": (zipped(), []),
    "zip_in_a_zip.zip": (zipped(inner__zip=zipped(scores__csv=TABLE)), []),
    "torn.zip": (zipped(scores__csv=TABLE)[:200], []),
    "zip_with_a_bad_file.zip": (zipped(letter__csv="Dear parents,\n\nwe will be closed on Friday, and on Monday.\nPlease bring warm clothes.\n", scores__csv=TABLE), []),
    # Blanks, line ends, delimiters.
    "carriage_returns.csv": (TABLE.replace("\n", "\r"), []),
    "blanks_around_quotes.csv": (TABLE + '30 , "2025-10-01" , "Hill, Bo" , 5\n', []),
    "signs_on_both_sides.csv": (TABLE.replace(",", "~|~"), []),
    # Limits.
    "value_past_its_limit.csv": (TABLE + f"30,2025-10-01,{'x' * 300},5\n", ["--max-field-bytes", "200"]),
    "value_within_a_raised_limit.csv": (TABLE + f"30,2025-10-01,{'x' * 300},5\n", ["--max-field-bytes", "100MB"]),
    "row_past_its_limit.csv": (TABLE + ",".join(["x" * 90] * 10) + "\n", ["--max-field-bytes", "100", "--max-row-bytes", "500"]),
    "value_of_lines_past_the_limit_of_rows.csv": (TABLE + '30,2025-10-01,"' + "x\n" * 300 + '",5\n', ["--max-field-bytes", "400", "--max-row-bytes", "500"]),
    "too_many_columns.csv": (TABLE + "," * 3000 + "\n", ["--max-columns", "2000"]),
    "a_million_columns.csv": (",".join("x" for _ in range(1_000_000)) + "\n", []),
    "one_endless_value.csv": ('id,note\n1,"' + "x" * 17_000_000, []),
    "bomb.csv.gz": (gzip.compress(b"id,note\n" + b"1,2\n" * 20_000_000, mtime=0), ["--max-ratio", "100"]),
}


class Messages(FolderTest):
    def said_of(self, name, content, flags):
        self.write("contracts/scores.odcs.yaml", LAYOUT)
        contracts = str(self.folder / "contracts")
        finished = homeroom("check", self.write(name, content), "--json",
                            *[contracts if flag == "CONTRACTS" else flag for flag in flags])
        document = self.report(finished, 0, 3, 4)
        lines = [f"== {name}{''.join(' ' + flag for flag in flags)}"]
        for file in document["files"]:
            lines.append(f"{file['status']}: {file['rows']['loaded']} rows"
                         + (f" ({file['reason']})" if file["reason"] else ""))
            for issue in file["issues"]:
                place = f"{issue['line']}" + (f":{issue['field']}" if "field" in issue else "")
                place += f" at byte {issue['byte_offset']}" if "byte_offset" in issue else ""
                hint = f" ({issue['suggestion']})" if "suggestion" in issue else ""
                lines.append(f"  {issue['severity']} {issue['rule']} {place}: {issue['message']}{hint}")
            for line in file["skipped"]:
                lines.append(f"  skipped {line['line']}: {line['reason']}")
        return "\n".join(lines).replace(str(self.folder), "FOLDER") + "\n"

    def test_each_kind_of_bad_input_says_what_where_why_and_what_next(self):
        said = "\n".join(self.said_of(name, *case) for name, case in CASES.items())
        if os.environ.get("HOMEROOM_UPDATE_GOLDEN"):
            GOLDEN.write_text(said)
        self.maxDiff = None
        self.assertEqual(said.splitlines(), GOLDEN.read_text().splitlines())


if __name__ == "__main__":
    unittest.main()
