"""What cleaning makes of published sets. They lie beside the project; without them: SKIPPED.

With no rules declared not one right value may change; with a contract of each set (its columns,
units, codes and which column decides which) what is wrong is repaired or named.
"""

import json
import pathlib
import subprocess
import sys
import unittest

from support import SHARED, FolderTest, homeroom

TOOLS = SHARED / "tools"
SETS = SHARED / "corpora" / "cleaning"
CONTRACTS = pathlib.Path(__file__).parent / "cleaning_contracts"
# In tax the published truth strips the zeros of zip, which is damage itself.
PROTECTED = {"beers": "", "tax": "zip"}


@unittest.skipUnless(TOOLS.is_dir() and SETS.is_dir(), "SKIPPED: no ../shared with scorers and sets")
class CleaningScores(FolderTest):
    def score(self, name, *flags):
        out = self.folder / f"{name}{len(flags)}"
        dirty = SETS / name / "dirty.csv"
        finished = homeroom("clean", dirty, "--out", out, "--quiet", *flags)
        self.assertIn(finished.returncode, (0, 3), finished.stdout + finished.stderr)
        joined, flagged = out / "joined.csv", out / "flags.csv"
        subprocess.run([sys.executable, TOOLS / "clean_join.py", dirty, out, joined, flagged],
                       check=True)
        scored = subprocess.run(
            [sys.executable, TOOLS / "clean_score.py", dirty, SETS / name / "clean.csv", joined,
             "--flags", flagged, "--protect", PROTECTED[name], "--json"],
            capture_output=True, text=True)
        return json.loads(scored.stdout)

    def test_no_right_value_changes_without_a_declaration(self):
        for name in PROTECTED:
            with self.subTest(name):
                figures = self.score(name)
                self.assertEqual(figures["CORRUPTED"], 0, figures["examples"])
                self.assertEqual(figures["miscorrected"], 0)

    def test_with_a_contract_errors_are_repaired_or_named(self):
        for name in PROTECTED:
            with self.subTest(name):
                figures = self.score(name, "--contracts", CONTRACTS, "--dataset", name)
                self.assertEqual(figures["CORRUPTED"], 0, figures["examples"])
                self.assertGreaterEqual(figures["precision"], 0.999, figures)
                self.assertGreaterEqual(figures["handled"], 0.95, figures)


if __name__ == "__main__":
    unittest.main()
