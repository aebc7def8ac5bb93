#!/usr/bin/env python3
"""Fails on what no other tool sees: files too long, stray blanks, machine paths, bare NOLINTs,
and code in src/ that reaches for the clock, the environment or the terminal.

Usage: tools/check_tree.py
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MAX_LINES = 500
CODE = {".cc", ".h", ".py", ".sql", ".cmake", ""}
TEXT = CODE | {".md", ".yaml", ".yml", ".json", ".txt", ".toml"}
# Bytes that tests and contracts show the engine on purpose; they are data, not our text.
DATA = ("tests/golden/", "tests/corpus/", "contracts/samples/")

# Path: why it may be longer than MAX_LINES.
LONG_FILES = {}

# Path: why src/ code there may do what STYLE.md section 2 forbids.
REACHES_OUT = {}

LINE_RULES = [
    # (what it says, where it holds, what it looks for)
    ("blank at the end of the line", lambda path: True, re.compile(r"[ \t]+$")),
    ("tab", lambda path: path.name != "Makefile", re.compile(r"\t")),
    (
        "a path of one machine",
        lambda path: True,
        re.compile(r"(?<![\w.$}-])/(?:work|root|Users)/|(?<![\w.$}-])/home/\w"),
    ),
    (
        "the name of a package registry's host",
        lambda path: True,
        re.compile(r"deb\.debian\.|(?:pypi|pythonhosted|crates|npmjs)\.(?:org|io|com)|proxy\.golang\."),
    ),
    (
        "NOLINT that does not name its check and say why: // NOLINT(check-name): reason",
        lambda path: path.suffix in {".cc", ".h"},
        re.compile(r"NOLINT(?!(?:NEXTLINE|BEGIN)?\([a-z][\w.,* -]+\): \S|END\([a-z][\w.,* -]+\))"),
    ),
    (
        "src/ reads no clock and no environment, prints nothing and never exits: pass it in",
        lambda path: path.parts[0] == "src"
        and path.suffix in {".cc", ".h"}
        and not path.stem.endswith(("_test", "_bench", "_fuzz"))
        and path.as_posix() not in REACHES_OUT,
        re.compile(
            r"^(?!\s*//).*(?:\b(?:std::|::)?(?:getenv|printf|puts|exit|abort)\(|std::c(?:out|err|in)\b"
            r"|fmt::print|(?:system|steady)_clock::now)"
        ),
    ),
]


def files():
    """What git has or would take, so that a new file is judged before it is added."""
    git = ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard"]
    listed = subprocess.run(git, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in sorted(set(listed.splitlines())):
        path = pathlib.Path(name)
        if path.suffix in TEXT and not name.startswith(DATA) and (ROOT / path).is_file():
            yield path


def problems(path):
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    if path.suffix in CODE and len(lines) > MAX_LINES and path.as_posix() not in LONG_FILES:
        yield f"{path}: {len(lines)} lines, at most {MAX_LINES}: split it"
    for number, line in enumerate(lines, 1):
        for message, holds_for, pattern in LINE_RULES:
            if pattern.search(line) and holds_for(path):
                yield f"{path}:{number}: {message}"


def undocumented_packages():
    page = (ROOT / "docs/reference/dependencies.md").read_text(encoding="utf-8")
    for listing in sorted((ROOT / "deps").glob("*.txt")):
        for line in listing.read_text(encoding="utf-8").splitlines():
            package = re.split(r"\s|==", line)[0]
            if package and package != "#" and not re.search(rf"[|,] {re.escape(package)}[ ,]", page):
                yield f"{listing.relative_to(ROOT)}: {package} is not in docs/reference/dependencies.md"


def main():
    checked = list(files())
    bad = [problem for path in checked for problem in problems(path)]
    bad += undocumented_packages()
    bad += [f"{path}: named in check_tree.py, not in the tree" for path in [*LONG_FILES, *REACHES_OUT] if not (ROOT / path).exists()]
    print("\n".join(bad) or f"tree: {len(checked)} files, nothing to say")
    return bool(bad)


sys.exit(main())
