"""Checks that set a data set's table beside another's once a file is loaded."""

import unittest

from support import FolderTest

CONTRACTS = """apiVersion: v3.1.0
kind: DataContract
id: x.NAME
version: 1.0.0
status: active
schema:
  - name: NAME
    quality: [QUALITY]
    properties:
"""
KEY = "      - {name: COLUMN, primaryKey: true, required: true, customProperties: [{property: homeroom.kind, value: identifier}]}\n"
COLUMN = "      - {name: COLUMN, logicalType: TYPE}\n"


def check(arguments, severity="error"):
    return (f"{{type: custom, engine: homeroom, severity: {severity}, "
            f"implementation: {{check: matches_table, {arguments}}}}}")


class TableChecks(FolderTest):
    def contracts(self, quality):
        clubs = CONTRACTS.replace("NAME", "clubs").replace("QUALITY", "")
        clubs += KEY.replace("COLUMN", "club") + COLUMN.replace("COLUMN", "members").replace("TYPE", "integer")
        joined = CONTRACTS.replace("NAME", "club_joins").replace("QUALITY", quality)
        joined += KEY.replace("COLUMN", "join_no") + COLUMN.replace("COLUMN", "club").replace("TYPE", "string")
        self.write("contracts/clubs.odcs.yaml", clubs)
        self.write("contracts/club_joins.odcs.yaml", joined)

    def load(self, name, content, code):
        file = self.write(name, content)
        return self.run_json(file, codes=(code,), extra=("--contracts", self.folder / "contracts"))["files"][0]

    def test_what_does_not_match_warns_or_holds_what_the_file_would_publish(self):
        rows = "join_no,club\n1,chess\n2,chess\n3,choir\n"
        by_club = "table: clubs, by: [club], theirFigure: sum(members)"
        # Nothing to compare with yet.
        self.contracts(check(by_club))
        self.assertEqual(self.load("joins/club_joins_1.csv", rows, 0)["status"], "loaded")
        self.load("clubs/clubs.csv", "club,members\nchess,2\nchoir,3\n", 0)

        file = self.load("joins/club_joins_2.csv", rows + "4,choir\n", 4)
        self.assertEqual(file["status"], "held")
        self.assertIn("in 1 of 2 groups by club the number of rows here less the sum of members in data.clubs is not "
                      "0; the greatest difference is 1", file["reason"])
        self.assertEqual(file["rows"]["pending"], 4)
        self.assertEqual(self.query("select count(*) as n from data.club_joins"), [{"n": 3}])

        self.assertEqual(self.load("joins/club_joins_3.csv", rows + "4,choir\n5,choir\n", 0)["status"], "loaded")

        self.contracts(check("table: clubs, mustBeLessOrEqualTo: 200, unit: percent", "warning"))
        file = self.load("joins/club_joins_4.csv", rows + "6,chess\n", 0)
        self.assertEqual([(i["severity"], i["message"]) for i in file["issues"] if i["rule"] == "matches_table"],
                         [("warning", "the number of rows is 300 % of that in data.clubs, must be at most 200 %")])
        self.contracts(check("table: clubs, figure: distinct(club), theirFigure: rows"))
        self.assertEqual(self.load("joins/club_joins_5.csv", rows + "7,chess\n", 0)["status"], "loaded")

    def test_a_comparison_of_what_is_not_there_is_an_error_of_the_contract(self):
        for arguments, message in (("figure: rows", "it names no table"), ("table: clubs, figure: mean(club)", "is no figure"),
                                   ("table: clubs, by: [club], theirBy: [club, members]", "not as many columns"),
                                   ("table: club", "clubs"), ("table: clubs, by: [clubb]", "club"),
                                   ("table: clubs, figure: sum(club), theirFigure: rows", "no number to add up"),
                                   ("table: clubs, by: [club], theirBy: [members]", "Give both columns the same kind")):
            self.contracts(check(arguments))
            lint = self.lint(self.folder / "contracts")
            self.assertEqual(lint.returncode, 2, arguments)
            self.assertIn("club_joins.odcs.yaml", lint.stdout + lint.stderr)
            self.assertIn(message, lint.stdout + lint.stderr)

    @staticmethod
    def lint(folder):
        from support import homeroom
        return homeroom("contract", "lint", folder)


if __name__ == "__main__":
    unittest.main(verbosity=1)
