"""Makes CSV files that are hard to see through, each with the dialect it was written in.

    python3 hard_dialects.py FOLDER NUMBER [SEED]      # FOLDER/files, FOLDER/truth.jsonl

The same seed makes the same files. They are like those found in the open data of councils and in
code repositories: few rows, texts full of other signs, odd delimiters, quotes used and not, titles,
comments, footers. A file says of itself what makes it hard ("kinds" of the truth).
"""

import json
import pathlib
import random
import string
import sys

DELIMITERS = {",": 34, ";": 14, "\t": 14, "|": 9, " ": 5, "^": 3, "~": 3, ":": 3, "#": 1, "*": 1,
              "&": 1, "!": 1, "=": 1, "||": 1, "::": 1, "~|~": 1, ", ": 2, "; ": 1, "": 6}
FIRST = "Ana Bob Chloë Dmitri Eve Farid Grace Hans Ines José Kwame Li Mary-Jane Noor Olu Priya".split()
LAST = "O'Brien Smith García Müller Nguyen D'Angelo Van-Dyke Jones Li St.Clair Brown Okafor".split()
WORDS = ("the council approved of a new road near school with some delay and cost over budget in "
         "spring as planned by officers report shows higher demand for places while pupils travel "
         "further this year").split()
STREETS = "High St,Church Lane,Station Road,Mill Row,The Green".split(",")
TOWNS = "Leeds,York,St. Ives,Ross-on-Wye,Bath".split(",")
HEADINGS = ("id name date time value amount notes status url type code school year count total rate "
            "address phone email latitude longitude description category start end ref owner").split()
TITLES = ["Report of the department", "Expenditure over 500", "Extract made 2024-03-01 08:15",
          "Source: open data portal; see notes", "School census, spring term, all schools"]
FOOTERS = ["End of report", "Total rows as above", "Source: council records, 2024"]


def sentence(chance, least, most):
    words = [chance.choice(WORDS) for _ in range(chance.randint(least, most))]
    text = words[0].capitalize()
    for word in words[1:]:
        text += chance.choices([" ", ", ", "; ", ": ", " - ", " & ", " / "], [80, 8, 2, 2, 2, 1, 1])[0] + word
    return text + chance.choice([".", "", "", "!", "?"])


def number(chance, mark="."):
    return f"{chance.uniform(-50, 5000):.{chance.randint(1, 4)}f}".replace(".", mark)


def day(chance):
    return chance.randint(1990, 2025), chance.randint(1, 12), chance.randint(1, 28)


def clock(chance):
    return f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}"


def word(chance, letters=string.ascii_lowercase):
    return "".join(chance.choices(letters, k=chance.randint(2, 9)))


# One maker of values a kind of column. A column keeps to its kind; its form is chosen once.
def column(chance, decimal_mark):
    kinds = {
        "serial": (6, lambda: str(chance.randint(1, 99999))),
        "padded": (2, lambda: f"{chance.randint(1, 9999):05}"),
        "name": (5, lambda: f"{chance.choice(FIRST)} {chance.choice(LAST)}"),
        "last_first": (2, lambda: f"{chance.choice(LAST)}, {chance.choice(FIRST)}"),
        "word": (5, lambda: word(chance)),
        "title_words": (3, lambda: " ".join(w.capitalize() for w in chance.sample(WORDS, chance.randint(1, 4)))),
        "date": (4, lambda: "{}-{:02}-{:02}".format(*day(chance))),
        "slash_date": (3, lambda: "{2}/{1}/{0}".format(*day(chance))),
        "dot_date": (1, lambda: "{2:02}.{1:02}.{0}".format(*day(chance))),
        "time": (2, lambda: clock(chance)),
        "seconds": (1, lambda: clock(chance) + f":{chance.randint(0, 59):02}"),
        "stamp": (2, lambda: "{}-{:02}-{:02} ".format(*day(chance)) + clock(chance) + ":00"),
        "decimal": (5, lambda: number(chance, decimal_mark)),
        "percent": (1, lambda: f"{chance.randint(0, 100)}%"),
        "money": (1, lambda: f"${chance.randint(1, 99)},{chance.randint(0, 999):03}.{chance.randint(0, 99):02}"),
        "point": (1, lambda: f"({number(chance)}, {number(chance)})"),
        "url": (2, lambda: f"https://www.{word(chance)}.org/{word(chance)}?id={chance.randint(1, 99)}&lang=en#top"),
        "email": (1, lambda: f"{word(chance)}.{word(chance)}@{word(chance)}.com"),
        "prose": (2, lambda: sentence(chance, 4, 25)),
        "remark": (2, lambda: chance.choice(["", sentence(chance, 2, 8)])),
        "address": (1, lambda: f"{chance.randint(1, 200)} {chance.choice(STREETS)}, {chance.choice(TOWNS)}"),
        "phone": (1, lambda: f"({chance.randint(200, 999)}) 555-{chance.randint(0, 9999):04}"),
        "code": (3, lambda: word(chance, string.ascii_uppercase)[:3] + f"-{chance.randint(1, 999)}"),
        "path": (1, lambda: f"/{word(chance)}/{word(chance)}/{word(chance)}.txt"),
        "ip": (1, lambda: ".".join(str(chance.randint(1, 254)) for _ in range(4))),
        "json": (1, lambda: json.dumps({word(chance): chance.randint(0, 9), word(chance): word(chance)})),
        "flag": (2, lambda: chance.choice(["Y", "N"])),
        "empty": (2, lambda: ""),
        "seldom": (2, lambda: chance.choice(["", "", "", word(chance)])),
        "list": (1, lambda: chance.choice("/-;").join(word(chance) for _ in range(chance.randint(1, 4)))),
        "quoted_word": (1, lambda: f'{word(chance)} "{word(chance)}" {word(chance)}'),
        "inches": (1, lambda: f"{chance.randint(3, 7)}'{chance.randint(0, 11)}\""),
        "hex": (1, lambda: f"{chance.getrandbits(64):016x}"),
        "html": (1, lambda: f'<a href="http://{word(chance)}.org/?a=1&b=2">{sentence(chance, 1, 4)}</a>'),
        "lines": (1, lambda: sentence(chance, 2, 6) + "\n" + sentence(chance, 2, 6)),
        "pairs": (1, lambda: ";".join(f"{word(chance)}={chance.randint(1, 9)}" for _ in range(3))),
        "tweet": (1, lambda: f"@{word(chance)} {sentence(chance, 3, 9)} #{word(chance)} :)"),
        "version": (1, lambda: f"v{chance.randint(0, 9)}.{chance.randint(0, 30)}.{chance.randint(0, 9)}-rc{chance.randint(1, 4)}"),
        "mixed": (1, lambda: chance.choice([number(chance), word(chance), clock(chance), "", "TBC"])),
        "range": (1, lambda: f"{chance.randint(1, 9)}-{chance.randint(10, 19)} (approx.)"),
        "long_day": (1, lambda: f"{chance.choice(['Monday', 'Friday'])}, {chance.randint(1, 28)} March {chance.randint(1990, 2025)}"),
        "grades": (1, lambda: " ".join(chance.choices(["A", "B+", "C", "D-"], k=3))),
        "missing": (1, lambda: chance.choice(["n/a", "NULL", "-", str(chance.randint(1, 50))])),
    }
    kind = chance.choices(list(kinds), [weight for weight, _ in kinds.values()])[0]
    return kind, kinds[kind][1]


class Dialect:
    def __init__(self, chance):
        self.delimiter = chance.choices(list(DELIMITERS), list(DELIMITERS.values()))[0]
        # How quotes are used: where needed, around texts, around all, never.
        self.quoting = chance.choices(["needed", "texts", "all", "never"], [50, 10, 20, 20])[0]
        self.quote = chance.choices(['"', "'"], [92, 8])[0]
        self.escape = chance.choices(["", "\\"], [85, 15])[0]

    def field(self, value, chance):
        """The value as it is written; None: this dialect cannot write it."""
        one_of = {*self.delimiter.strip(" "), "\n"} if self.delimiter.strip(" ") else {*self.delimiter, "\n"}
        has_delimiter = bool(self.delimiter) and any(c in value for c in one_of)
        if self.quoting == "never":
            starts_quoted = value.startswith(('"', "'"))
            return None if has_delimiter or starts_quoted or "\n" in value else value
        is_number = value.replace(".", "", 1).replace("-", "", 1).isdigit()
        needed = has_delimiter or self.quote in value or "\n" in value or value != value.strip()
        wants = self.quoting == "all" or (self.quoting == "texts" and not is_number and value != "")
        if not (needed or wants):
            return value
        if self.escape == "\\":
            value = value.replace("\\", "\\\\").replace(self.quote, "\\" + self.quote)
        else:
            value = value.replace(self.quote, self.quote * 2)
        return self.quote + value + self.quote


def make(seed):
    """One file: its text, and the truth of it."""
    chance = random.Random(seed)
    dialect = Dialect(chance)
    kinds = []
    num_rows = chance.choice([1, 2, 2, 3, 4, 5, 8, 12, 20, 30])
    num_columns = 1 if dialect.delimiter == "" else chance.choice([2, 2, 3, 3, 4, 5, 6, 8, 12, 20])
    decimal_mark = "," if dialect.delimiter in ";\t|" and chance.random() < 0.3 else "."
    if dialect.delimiter == " " and dialect.quoting == "needed" and chance.random() < 0.5:
        dialect.quoting = "never"

    def fields_of(maker):
        return [dialect.field(maker(), chance) for _ in range(num_rows)]

    table = []
    while len(table) < num_columns:
        kind, maker = column(chance, decimal_mark)
        if dialect.delimiter == "" and kind in ("empty", "seldom", "remark"):
            continue
        written = fields_of(maker)
        if any(field is None for field in written) or (dialect.delimiter == " " and "" in written):
            continue
        table.append(written)
        kinds.append(kind)
    rows = [list(row) for row in zip(*table)]
    has_header = chance.random() < 0.75
    if has_header:
        names = [dialect.field(chance.choice(HEADINGS) + str(i), chance) for i in range(num_columns)]
        names = [n.replace("#", "") for n in names]
        rows.insert(0, names)
    if dialect.delimiter.strip() and chance.random() < 0.06:
        kinds.append("+ragged")
        row = chance.choice(rows)
        while len(row) > 1 and row[-1] in ("", '""'):
            row.pop()
    lines = [dialect.delimiter.join(row) for row in rows]
    if dialect.delimiter.strip() and chance.random() < 0.05:
        kinds.append("+trailing")
        lines = [line + dialect.delimiter for line in lines]
    if len(dialect.delimiter) == 1 and dialect.delimiter not in " \t" and chance.random() < 0.05 and num_columns > 1:
        kinds.append("+padded")
        lines = [f" {dialect.delimiter} ".join(row) for row in rows]
    if num_columns > 1 and num_rows > 3:
        above = chance.choices(["", "title", "comment", "titles"], [80, 8, 7, 5])[0]
        if above:
            kinds.append("+" + above)
        number_above = {"": 0, "title": 1, "comment": chance.randint(1, 4), "titles": 2}[above]
        mark = "# " if above == "comment" else ""
        titles = [mark + chance.choice(TITLES) for _ in range(number_above)]
        if above.startswith("title") and chance.random() < 0.5:
            titles.append("")
        lines = titles + lines
        if chance.random() < 0.07:
            kinds.append("+footer")
            lines += [*([""] if chance.random() < 0.5 else []), chance.choice(FOOTERS)]
    if num_columns > 2 and num_rows > 7 and chance.random() < 0.06:
        kinds.append("+sections")
        for _ in range(2):
            lines.insert(chance.randint(len(lines) - num_rows + 1, len(lines)), chance.choice(["", "Section", "North"]))
    end = chance.choices(["\n", "\r\n", "\r"], [70, 27, 3])[0]
    text = end.join(lines) + (end if chance.random() < 0.85 else "")
    body = dialect.delimiter.join(field for row in rows for field in row)
    is_quoted = any(len(field) > 1 and field[0] == field[-1] == dialect.quote and dialect.quoting != "never"
                    for row in rows for field in row)
    truth = {"delimiter": dialect.delimiter, "quote": dialect.quote if is_quoted else "",
             "escape": "\\" if is_quoted and dialect.escape and "\\" + dialect.quote in body else "",
             "encoding": "utf-8", "header_lines": int(has_header), "rows": num_rows,
             "columns": num_columns, "quoting": dialect.quoting, "kinds": kinds}
    return text, truth


def make_all(folder, number, seed=0):
    files = pathlib.Path(folder) / "files"
    files.mkdir(parents=True, exist_ok=True)
    with open(files.parent / "truth.jsonl", "w", encoding="utf-8") as out:
        for i in range(number):
            text, truth = make(f"{seed}/{i}")
            name = f"{i:05}.csv"
            (files / name).write_bytes(text.encode())
            out.write(json.dumps({"file": name, **truth}) + "\n")


if __name__ == "__main__":
    make_all(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)
