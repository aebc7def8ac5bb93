"""The pages of rules and checks are what the program writes."""

import unittest

from support import ROOT, homeroom


class Reference(unittest.TestCase):
    maxDiff = None

    def test_pages_are_what_the_program_writes(self):
        for command in ("rules", "checks"):
            with self.subTest(command):
                page = (ROOT / "docs" / "reference" / f"{command}.md").read_text()
                written = homeroom(command, "--markdown").stdout
                self.assertEqual(page, written, f"write it anew: homeroom {command} --markdown")

    def test_one_is_explained_and_a_misspelt_one_has_a_neighbour(self):
        explained = homeroom("rules", "percent")
        self.assertIn("92.5 %", explained.stdout)
        self.assertEqual(explained.returncode, 0)
        missed = homeroom("checks", "row_conditon")
        self.assertEqual(missed.returncode, 2)
        self.assertIn("Did you mean row_condition?", missed.stderr)


if __name__ == "__main__":
    unittest.main()
