"""The reader's accuracy on published sets. They lie beside the project; without them: SKIPPED.

A debug build reads a part of the largest set; HOMEROOM_PROGRAM=build/release/homeroom all of it.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

from support import PROGRAM, SHARED, FolderTest, homeroom

TOOLS = SHARED / "tools"
CORPORA = SHARED / "corpora" / "csv"
# Of 2,290 files with one thing polluted each.
STEP = 1 if pathlib.Path(PROGRAM).parent.name == "release" else 15


def score(tool, *arguments):
    """What a scorer prints."""
    finished = subprocess.run([sys.executable, str(TOOLS / tool), *map(str, arguments)],
                              capture_output=True, text=True, timeout=850)
    return finished.stdout + finished.stderr


@unittest.skipUnless(TOOLS.is_dir() and CORPORA.is_dir(), "SKIPPED: no ../shared with scorers and sets")
class ReaderScores(FolderTest):
    def pollock(self, name, change=lambda content: content):
        """Scores the files of the set (or a part of them), each changed first."""
        data = self.folder / name
        (data / "csv").mkdir(parents=True)
        for part in ("clean", "weights.json"):
            os.symlink(CORPORA / "pollock" / part, data / part)
        for path in self.polluted():
            (data / "csv" / path.name).write_bytes(change(path.read_bytes()))
        command = f"{PROGRAM} parse {{in}} --out {{out}}"
        text = score("pollock_score.py", "--data", data, "--work", self.folder / "out",
                     "--cmd", command)
        figures = dict(re.findall(r"^(simple|weighted) ([0-9.]+)$", text.replace("simple   ", "simple "),
                                  re.MULTILINE))
        self.assertGreaterEqual(float(figures["simple"]), 9.96, text)
        self.assertGreaterEqual(float(figures["weighted"]), 9.60 if STEP == 1 else 0, text)

    @staticmethod
    def polluted():
        return sorted((CORPORA / "pollock" / "csv").iterdir())[::STEP]

    def test_pollock(self):
        self.pollock("lf")

    def test_pollock_with_crlf(self):
        self.pollock("crlf", lambda content: content.replace(b"\n", b"\r\n"))

    def test_each_polluted_row_has_an_issue_on_its_line_and_the_source_none(self):
        files = [*self.polluted(), CORPORA / "pollock" / "csv" / "source.csv"]
        document = json.loads(homeroom("check", *files, "--json").stdout)
        without = []
        num_rows = 0
        for file in document["files"]:
            name = pathlib.Path(file["path"]).name
            if name == "source.csv":
                self.assertEqual(file["issues"], [])
            row = re.match(r"row_(?:less_sep_row|more_sep_row|field_delimiter_|extra_quote)(\d+)_", name)
            if row is None:
                continue
            num_rows += 1
            if int(row[1]) + 1 not in [issue["line"] for issue in file["issues"]]:
                without.append(name)
        self.assertGreater(num_rows, 2000 // STEP)
        self.assertEqual(without, [])

    def test_dialects(self):
        for suite in sorted(path.parent for path in CORPORA.glob("dialect_*/truth.jsonl")):
            text = score("dialect_run.py", suite, "--wrong", "--cmd", f"{PROGRAM} sniff --json {{in}}")
            least = 1.0 if suite.name == "dialect_w3c221" else 0.92
            self.assertGreaterEqual(float(re.search(r" dialect=([0-9.]+)", text)[1]), least, text)
            self.assertIn(" fail=0 ", text)

    def test_encodings(self):
        text = score("enc_run.py", "--cmd", f"{PROGRAM} sniff --json {{in}}")
        self.assertGreaterEqual(float(re.search(r"=([0-9.]+)", text)[1]), 0.96, text)

    def test_spectrum(self):
        text = score("spectrum_run.py", "--cmd", f"{PROGRAM} parse {{in}} --out {{out}}")
        self.assertGreaterEqual(int(re.search(r"(\d+)/12", text)[1]), 11, text)


if __name__ == "__main__":
    unittest.main()
