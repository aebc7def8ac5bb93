"""The command line's manners: help, usage errors, streams, exit codes."""

import json
import pathlib
import subprocess
import unittest

from support import PROGRAM, FolderTest, homeroom

COMMANDS = ["check", "clean", "db", "doctor", "explain", "parse", "run", "sample", "sniff", "sql",
            "status"]


class CommandLine(FolderTest):
    def test_help_lists_every_command_and_each_has_examples(self):
        listed = homeroom("--help").stdout
        for command in COMMANDS:
            with self.subTest(command):
                self.assertIn(f"  {command} ", listed)
                shown = homeroom(command, "--help")
                self.assertEqual(shown.returncode, 0)
                self.assertIn("Examples:\n  homeroom " + command, shown.stdout)
                self.assertEqual(shown.stderr, "")

    def test_a_word_that_is_no_command_gets_the_nearest_one(self):
        finished = homeroom("chekc", "x.csv")
        self.assertEqual(finished.returncode, 2)
        self.assertEqual(finished.stdout, "")
        self.assertIn("there is no command chekc", finished.stderr)
        self.assertIn("did you mean check?", finished.stderr)

    def test_a_word_that_is_no_option_gets_the_nearest_one(self):
        finished = homeroom("check", "x.csv", "--jsno")
        self.assertEqual(finished.returncode, 2)
        self.assertIn("did you mean --json?", finished.stderr)

    def test_no_words_at_all_is_a_usage_error_that_shows_the_help(self):
        finished = homeroom()
        self.assertEqual(finished.returncode, 2)
        self.assertIn("homeroom sample --out", finished.stdout)

    @unittest.skipUnless(pathlib.Path("/dev/full").exists(), "SKIPPED: needs /dev/full")
    def test_a_result_that_cannot_be_written_is_an_error(self):
        path = self.write("full/attendance.csv", "student_id,date,status\n1,2025-09-02,A\n")
        for command in (["check", path], ["check", path, "--json"], ["--help"]):
            with self.subTest(command=command), open("/dev/full", "w") as full:
                finished = subprocess.run([PROGRAM, *command], stdout=full, stderr=subprocess.PIPE,
                                          text=True, timeout=60)
                self.assertEqual(finished.returncode, 6)
                self.assertIn("cannot write its output: No space left", finished.stderr)
                # Not even this can be said.
                finished = subprocess.run([PROGRAM, *command], stdout=full, stderr=full, timeout=60)
                self.assertEqual(finished.returncode, 6)

    def test_version_names_itself(self):
        self.assertRegex(homeroom("--version").stdout, r"^homeroom \d+\.\d+\.\d+\n$")

    def test_a_path_that_is_not_there_is_rejected_and_the_others_go_on(self):
        good = self.write("students.csv", "student_id,first_name,last_name\n0012345,Ada,Byron\n")
        finished = homeroom("check", self.folder / "nothing.csv", good, "--json")
        document = self.report(finished, 4)
        self.assertEqual([f["status"] for f in document["files"]], ["refused", "ok"])
        self.assertIn("no such file or folder", document["files"][0]["reason"])

    def test_sniff_answers_with_the_documented_keys(self):
        path = self.write("semicolon.csv", "id;name;grade\n1;Ada;03\n2;Grace;04\n")
        answer = json.loads(homeroom("sniff", path, "--json").stdout)
        expected = {"delimiter": ";", "quote": '"', "escape": '"', "encoding": "utf-8",
                    "newline": "lf", "header_lines": 1, "preamble_lines": 0, "columns": 3}
        self.assertEqual({key: answer[key] for key in expected}, expected)

    def test_parse_writes_canonical_csv_with_values_untouched(self):
        path = self.write("export.txt", "id\tnote\r\n007\t a, \"b\" \r\n")
        out = self.folder / "out.csv"
        finished = homeroom("parse", path, "--out", out)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        self.assertEqual(out.read_bytes(), b'id,note\n007," a, ""b"" "\n')

    def test_parse_of_an_empty_file_writes_an_empty_file_and_says_so(self):
        out = self.folder / "empty-out.csv"
        finished = homeroom("parse", self.write("empty.csv", ""), "--out", out)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        self.assertEqual(out.read_bytes(), b"")
        self.assertIn("the file is empty", finished.stderr)

    def test_sniff_names_the_encoding_of_what_is_no_table(self):
        text = "Liebe Eltern,\n\nam Freitag bleibt die Schule für alle geschlossen.\nBitte denken Sie an die Schlüssel.\nViele Grüße\n"
        finished = homeroom("sniff", self.write("brief.txt", text.encode("cp1252")), "--json")
        self.assertNotEqual(finished.returncode, 0)
        answer = json.loads(finished.stdout)
        self.assertEqual(answer["encoding"], "windows-1252")
        self.assertEqual(answer["error"]["message"], "the file is text, but not a table")

    def test_results_go_to_stdout_and_no_colours_into_a_pipe(self):
        path = self.write("s.csv", "student_id,first_name,last_name\n1,Ada,Byron\n")
        finished = homeroom("check", path)
        self.assertNotIn("\x1b", finished.stdout + finished.stderr)
        self.assertIn("s.csv", finished.stdout)

    def test_a_closed_pipe_ends_the_program_quietly(self):
        finished = subprocess.run(
            f"'{homeroom.__globals__['PROGRAM']}' --help | head -1", shell=True,
            capture_output=True, text=True)
        self.assertEqual(finished.stderr, "")

    def test_status_without_a_database_says_what_to_do(self):
        finished = homeroom("status", "--data", self.folder / "nowhere")
        self.assertEqual(finished.returncode, 2)
        self.assertIn("homeroom run FOLDER", finished.stderr)


if __name__ == "__main__":
    unittest.main()
