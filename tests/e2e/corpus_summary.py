"""What check says of each file of a folder, as text without any value of it: the outcome, rows by
outcome, changes by column and rule. And the same as a page of the reference.

    python3 corpus_summary.py FOLDER      # writes tests/golden/corpus_changes.txt and the page
"""

import json
import pathlib
import sys

from support import OUTCOMES, ROOT, SHARED, homeroom

CORPUS = SHARED / "corpora" / "education"
GOLDEN = ROOT / "tests" / "golden" / "corpus_changes.txt"
PAGE = ROOT / "docs" / "reference" / "corpus-changes.md"

INTRODUCTION = """# What was changed in each real file

The files of [corpus-datasets](corpus-datasets.md), checked without any contract of a district's own:
for each its rows by outcome, and how often which rule changed a value of which column. The table is
made by `python3 tests/e2e/corpus_summary.py` from the reports, and a test holds Homeroom to it
(SKIPPED without `../shared`). Why a rule changes a value:

"""


def check(folder):
    """The reports by path below the folder."""
    finished = homeroom("check", folder, "--json", timeout=800)
    files = json.loads(finished.stdout)["files"]
    return sorted((str(pathlib.Path(file["path"]).relative_to(folder)), file) for file in files)


def outcome(file):
    rows = [f"{file['rows'][o]} {o}" for o in OUTCOMES if file["rows"][o]]
    return f"{file['status']}, {file['dataset'] or 'no data set'}: " + (", ".join(rows) or "no rows")


def changes_of(file):
    """{"trim": {"last_name": 3}}, in order."""
    by_rule = {}
    for change in file["changes"]:
        columns = by_rule.setdefault(change["rule"], {})
        columns[change["column"]] = columns.get(change["column"], 0) + change["count"]
    return {rule: by_rule[rule] for rule in sorted(by_rule)}


def summary(reports):
    text = ""
    for path, file in reports:
        text += f"== {path}\n{outcome(file)}\n"
        for rule, columns in changes_of(file).items():
            listed = ", ".join(f"{column} {count}" for column, count in sorted(columns.items()))
            text += f"  {rule}: {listed}\n"
        for group in file["issue_groups"]:
            column = group["column"] or "(row)"
            text += f"  {group['severity']} {group['rule']} {column}: {group['count']}\n"
        text += "\n"
    return text


# Why each rule may change a value; a test says when one is missing.
REASONS = {
    "boolean_token": "yes and no are written in many ways; the contract says that it is one of them",
    "code_lookup": "the contract lists spellings of a code",
    "date_to_iso": "a date by another order; the order is known from the whole column",
    "decimal": "thousands marks or a decimal comma in a number",
    "excel_wrapper": "`=\"0012\"` is how Excel keeps zeros",
    "grade_level": "K, 01 and \"Grade 3\" are grades in many spellings",
    "identifier": "a spreadsheet's `.0` behind an id",
    "inner_spaces": "several blanks between words",
    "integer": "a sign, thousands marks or `.0` on a whole number",
    "invisible_characters": "characters that nobody sees",
    "mark": "blanks and minus signs in course marks",
    "name_case": "names in capitals alone, where the contract asks for it",
    "null_token": "a word for nothing: NULL, N/A",
    "percent": "a percentage in the column's unit",
    "person_name": "a name's parts",
    "phone_digits": "one way of writing telephone numbers",
    "school_year": "a school year by the year it ends in",
    "suppression_mark": "a state hides small groups: neither empty nor zero",
    "time_to_iso": "a time of day of 24 hours",
    "timestamp": "a date with its time, in one form",
    "trim": "blanks around a value",
    "unicode_nfc": "one character written as two",
    "unit": "the column's unit behind a number",
    "upper_case": "small letters in a code",
    "lower_case": "capitals in a code",
    "email": "capitals and blanks in a mail address",
    "phone": "one way of writing telephone numbers",
    "postcode": "one way of writing postcodes",
    "mojibake": "text that was read in a wrong encoding",
    "nul_characters": "characters of value zero",
}


def page(reports):
    used = sorted({change["rule"] for _, file in reports for change in file["changes"]})
    text = INTRODUCTION + "| Rule | Because of |\n| --- | --- |\n"
    text += "".join(f"| `{rule}` | {REASONS[rule]} |\n" for rule in used)
    folder = None
    for path, file in reports:
        if (above := path.rpartition("/")[0]) != folder:
            folder = above
            text += f"\n## {folder or 'The folder itself'}\n\n| File | Outcome | Changes |\n| --- | --- | --- |\n"
        told = "; ".join(f"`{rule}`: " + ", ".join(f"{c} {n}" for c, n in sorted(columns.items()))
                         for rule, columns in changes_of(file).items())
        text += f"| {path.rpartition('/')[2]} | {outcome(file)} | {told.replace('|', chr(92) + '|') or 'none'} |\n"
    return text


def main():
    reports = check(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS)
    GOLDEN.write_text(summary(reports), encoding="utf-8")
    PAGE.write_text(page(reports), encoding="utf-8")


if __name__ == "__main__":
    main()
