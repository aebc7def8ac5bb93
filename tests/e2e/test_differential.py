"""Homeroom's reader beside Python's csv module: the same rows from RFC 4180, and from other input
every difference is of a kind that is listed here, and told of. HOMEROOM_TEST_FILES says how many
files of each sort are tried."""

import csv
import io
import json
import os
import random
import unittest

from support import FolderTest, homeroom

LONG = int(os.environ.get("HOMEROOM_TEST_FILES", "0"))
AS_WRITTEN = ["--delimiter", "comma", "--quote", '"', "--escape", '"', "--encoding", "utf-8",
              "--preamble-lines", "0", "--header-lines", "0", "--units-lines", "0"]
# What homeroom says where it reads otherwise than Python.
TOLD_OF = {
    "stray_quote": "a quote within an unquoted value",
    "text_after_quote": "text behind a closing quote: Python joins it, Homeroom keeps the quotes",
    "unclosed_quote": "an open quote: Python takes the rest of the file for one value",
    "nul_byte": "a NUL byte: Python refuses the line",
    "field_count": "a row of another width, cut so that its quotes add up",
    "encoding": "bytes that are no UTF-8",
    "readable": "no table at all",
}
# Rows that one of them leaves out, told of in `skipped`.
LEFT_OUT = {"blank", "title", "footer", "repeated header", "another table", "units"}


def rfc4180(rows, line_end, chance):
    """The rows as text; a field that needs no quotes gets them by chance."""
    def field(value):
        needs = any(c in value for c in '",\r\n') or value != value.strip() or value == ""
        if needs or chance.random() < 0.3:
            return '"' + value.replace('"', '""') + '"'
        return value

    return "".join(",".join(map(field, row)) + line_end for row in rows)


def random_rows(chance):
    width = chance.randint(1, 8)
    alphabet = ["a", "Z", "7", " ", ",", '"', "\n", "\r\n", "é", "'", ";", "\t", "0", "–", "x"]
    return [["".join(chance.choices(alphabet, k=chance.choice([0, 1, 2, 3, 8, 40]))) for _ in range(width)]
            for _ in range(chance.randint(1, 60))]


def python_rows(text, strict):
    rows = csv.reader(io.StringIO(text, newline=""), strict=strict)
    return [row for row in rows if row and row != [""] and not (len(row) == 1 and not row[0].strip(" \t"))]


class Differential(FolderTest):
    def parsed(self, path):
        out = self.folder / "out.csv"
        finished = homeroom("parse", path, "--out", out, "--quiet", *AS_WRITTEN)
        if finished.returncode != 0:
            return None
        return python_rows(out.read_bytes().decode(), strict=True)

    def test_rfc_4180_is_read_as_python_reads_it_in_strict_mode(self):
        for seed in range(LONG or 40):
            chance = random.Random(seed)
            rows = random_rows(chance)
            text = rfc4180(rows, chance.choice(["\n", "\r\n"]), chance)
            if not python_rows(text, strict=True):
                continue
            with self.subTest(seed=seed):
                self.assertEqual(self.parsed(self.write("rfc.csv", text)), python_rows(text, strict=True))

    def test_elsewhere_each_difference_is_of_a_listed_kind_and_told_of(self):
        texts = {}
        for seed in range(LONG or 60):
            chance = random.Random(1000 + seed)
            text = rfc4180(random_rows(chance), "\n", chance)
            for _ in range(chance.randint(1, 4)):
                at = chance.randrange(len(text) + 1)
                text = text[:at] + chance.choice(['"', ",", "\n", " ", "\r", '""', "\0", "x"]) + text[at:]
            texts[seed] = text
            self.write(f"mixed/{seed}.csv", text)
        finished = homeroom("check", self.folder / "mixed", "--json", *AS_WRITTEN)
        told = {}
        for file in json.loads(finished.stdout)["files"]:
            kinds = {issue["rule"] for issue in file["issues"]} & TOLD_OF.keys()
            kinds |= {line["reason"] for line in file["skipped"]} & LEFT_OUT
            told[int(file["path"].rsplit("/", 1)[1].removesuffix(".csv"))] = kinds
        differing = 0
        for seed, text in texts.items():
            with self.subTest(seed=seed):
                try:
                    expected = python_rows(text, strict=False)
                except csv.Error:
                    expected = "NUL"
                ours = self.parsed(self.folder / "mixed" / f"{seed}.csv")
                if ours == expected or (ours and self.without_blanks(ours) == self.without_blanks(expected)):
                    continue
                differing += 1
                self.assertTrue(told[seed], f"differs and says nothing: {text!r}")
        self.assertGreater(differing, len(texts) // 15)

    @staticmethod
    def without_blanks(rows):
        """Blanks beside the quotes of a value are dropped here and kept by Python."""
        return [[value.strip(" \t").strip('"').strip(" \t") for value in row] for row in rows]

    def test_what_was_parsed_and_written_is_parsed_to_the_same(self):
        for seed in range(LONG or 40):
            chance = random.Random(2000 + seed)
            text = rfc4180(random_rows(chance), chance.choice(["\n", "\r\n"]), chance)
            with self.subTest(seed=seed):
                first, second = self.folder / "first.csv", self.folder / "second.csv"
                homeroom("parse", self.write("once.csv", text), "--out", first, "--quiet", *AS_WRITTEN)
                homeroom("parse", first, "--out", second, "--quiet", *AS_WRITTEN)
                self.assertEqual(second.read_bytes(), first.read_bytes())


if __name__ == "__main__":
    unittest.main()
