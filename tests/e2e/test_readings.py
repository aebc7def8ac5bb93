"""How files are written: said by flag or contract, remembered for the files of a source."""

import json
import unittest

from support import FolderTest, homeroom

CONTRACT = """apiVersion: v3.1.0
kind: DataContract
id: test.benchmark_scores
version: 1.0.0
status: active
schema:
  - name: benchmark_scores
    customProperties:
      - property: homeroom.files
        value:
          - name: "bench_*.txt"
            encoding: windows-1252
            columns:
              - {name: student_id, start: 1, length: 6}
              - {name: student_name, start: 7, length: 12}
              - {name: score, start: 19, length: 4}
    properties:
      - {name: student_id, logicalType: string, required: true, primaryKey: true, primaryKeyPosition: 1,
         customProperties: [{property: homeroom.kind, value: identifier}]}
      - {name: student_name, logicalType: string}
      - {name: score, logicalType: integer}
"""


class Readings(FolderTest):
    def only(self, *arguments, codes=(0, 3)):
        files = self.run_json(*arguments, codes=codes)["files"]
        self.assertEqual(len(files), 1)
        return files[0]

    def issues(self, file, rule):
        return [issue for issue in file["issues"] if issue["rule"] == rule]

    def test_dates_that_read_both_ways_are_read_as_earlier_files_of_the_kind_told(self):
        def take(name, *dates):
            rows = "".join(f"{n:05},010,{date},Absent\n" for n, date in enumerate(dates, 1))
            return self.only(self.write(name, "Student ID,School ID,Attendance Date,Status\n" + rows), codes=(0, 3, 4))

        self.assertEqual(take("days/att_2025-10-02.csv", "10/02/2025", "10/03/2025")["status"], "held")
        self.assertEqual(take("days/att_2025-09-15.csv", "09/15/2025", "09/03/2025")["status"], "loaded")
        known = take("days/att_2025-10-03.csv", "10/03/2025", "10/04/2025", "13/45/2025")
        self.assertEqual(known["status"], "loaded")
        self.assertIn("the month does", self.issues(known, "date_order_remembered")[0]["message"])
        self.assertEqual(self.query("select date, _line from data.attendance_daily where "
                                    f"_run = {known['run']} order by 1"),
                         [{"date": "2025-10-03", "_line": 2}, {"date": "2025-10-04", "_line": 3}])
        bad = homeroom("quarantine", "export", known["run"], "--data", self.data).stdout
        fixed = self.write("fixed.csv", bad.replace("13/45/2025", "10/06/2025"))
        self.report(homeroom("quarantine", "fix", fixed, "--data", self.data, "--json"), 0)
        explained = json.loads(homeroom("explain", "attendance_daily", "2026", "00003", "010", "2025-10-06",
                                        "--data", self.data, "--json").stdout)["rows"][0]
        self.assertEqual({cell["column"]: cell["value"] for cell in explained["cells"]}["date"], "2025-10-06")
        self.assertEqual(take("other/att_2025-10-02.csv", "10/02/2025")["status"], "held")
        own = take("days/att_2025-10-14.csv", "14/10/2025", "03/10/2025")
        self.assertEqual(self.issues(own, "date_order_remembered"), [])
        self.assertEqual(take("days/att_2025-11-03.csv", "11/03/2025", "11/04/2025")["status"], "held")

    def test_what_was_said_of_a_file_holds_for_the_next_ones_of_its_name(self):
        first = self.write("sis/notes_2025-09.csv", "id|note,more\n1|a,b\n2|c,d\n")
        second = self.write("sis/notes_2025-10.csv", "id|note,more\n3|e,f\n4|g,h\n")
        told_more = self.only(second, "--encoding", "windows-1252")
        self.assertEqual(told_more["dialect"]["delimiter"], ",")
        both = self.only(self.write("sis/notes_2025-12.csv", "id|note,more\n8|q,r\n9|s,t\n"))
        self.assertEqual((both["dialect"]["delimiter"], both["dialect"]["encoding"]), (",", "windows-1252"))
        overruled = self.only(self.write("sis/notes_2026-01.csv", "id|note,more\n8|u,v\n9|w,x\n"),
                              "--delimiter", "comma", "--encoding", "utf-8")
        self.assertEqual(self.issues(overruled, "reading_remembered"), [])
        other = self.write("other/notes_2025-10.csv", "id|note,more\n5|i,j\n6|k,l\n")
        self.assertEqual(self.only(first, "--delimiter", "comma")["dialect"]["columns"], 2)
        again = self.only(second)
        self.assertEqual(again["dialect"]["delimiter"], ",")
        self.assertIn("delimiter=,", self.issues(again, "reading_remembered")[0]["message"])
        self.assertEqual(self.issues(self.only(other), "reading_remembered"), [])
        afresh = self.only(second, "--read-afresh")
        self.assertEqual(self.issues(afresh, "reading_remembered"), [])
        third = self.write("sis/notes_2025-11.csv", "id|note,more\n7|m,n\n8|o,p\n")
        self.assertEqual(self.issues(self.only(third), "reading_remembered"), [])

    def test_a_file_that_is_written_otherwise_than_the_last_one_is_told_of(self):
        rows = "".join(f"{n};w{n};{n % 5}\n" for n in range(20))
        self.only(self.write("lms/marks_1.csv", "id;word;mark\n" + rows))
        file = self.only(self.write("lms/marks_2.csv", "id,word,mark\n" + rows.replace(";", ",")))
        changed = self.issues(file, "dialect_changed")
        self.assertEqual([issue["message"] for issue in changed],
                         ["its delimiter is comma; the last file of this name had semicolon"])

    def test_a_layout_in_a_contract_reads_a_file_of_fixed_width(self):
        contracts = self.folder / "contracts"
        contracts.mkdir(exist_ok=True)
        (contracts / "benchmark_scores.odcs.yaml").write_text(CONTRACT)
        lines = [f"{n:06}{name:<12}{score:>4}" for n, name, score in
                 [(12, "Zoë", 7), (13, "Bo", 120), (14, "Muñoz, Ann", 33)]
                 + [(n, f"Cy {n}", n) for n in range(20, 40)]]
        path = self.write("drop/BENCH_2026.txt", ("\r\n".join(lines) + "\r\n000015Cut sho\r\n").encode("cp1252"))
        file = self.only(path, "--contracts", contracts)
        self.assertEqual((file["dataset"], file["rows"]["loaded"]), ("benchmark_scores", 23))
        bad = self.issues(file, "field_count")
        self.assertEqual([(i["line"], i["message"]) for i in bad],
                         [(24, "the line has 13 characters, the others have 22")])
        rows = self.query("select student_id, student_name, score from data.benchmark_scores order by 1 limit 3")
        self.assertEqual([list(row.values()) if isinstance(row, dict) else row for row in rows],
                         [["000012", "Zoë", 7], ["000013", "Bo", 120], ["000014", "Muñoz, Ann", 33]])
        sniffed = homeroom("sniff", path, "--json", "--contracts", contracts)
        self.assertEqual(json.loads(sniffed.stdout)["columns"], 3)
        out = self.folder / "out.csv"
        homeroom("parse", path, "--out", out, "--contracts", contracts)
        self.assertEqual(out.read_text().splitlines()[1], "000012,Zoë,7")

    def test_every_verdict_can_be_overridden(self):
        path = self.write("any.csv", "x;y\nid;a\n%;min\n1;2\n".encode("utf-16-le"))
        finished = homeroom("sniff", path, "--json", "--encoding", "utf-16le", "--delimiter", ";",
                            "--quote", "'", "--escape", "\\", "--preamble-lines", "1",
                            "--header-lines", "1", "--units-lines", "1")
        dialect = json.loads(finished.stdout)
        self.assertEqual({v["reason"] for v in dialect["verdicts"] if v["what"] != "line ends"}, {"given"})
        self.assertEqual((dialect["preamble_lines"], dialect["header_lines"], dialect["units_lines"]), (1, 1, 1))


if __name__ == "__main__":
    unittest.main()
