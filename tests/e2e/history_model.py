"""What tables and their history must hold after any sequence of files and undos, worked out the
plain way: the files that count, one after another, from nothing, again for every question.

Written from what docs/reference/warehouse.md and history.md promise, not from the program.
Three data sets stand for the ways of writing: students are merged by key, enrollments are snapshots
of a school, visits (of no contract) replace what their slot held.
"""

import collections
import dataclasses

HALF = 10, 0.70  # a snapshot is held where so many rows would be closed, and fewer than that part left
KEYS = {"students": ("student_id",), "enrollments": ("school_year", "student_id")}
SCOPE = ("school_year", "school_id")


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of a file: its values by column, as they are to stand in the table."""

    number: int
    values: dict
    is_good: bool = True  # else it is quarantined
    says_key: bool = True

    def key(self, columns):
        return tuple(self.values[column] for column in columns)


@dataclasses.dataclass(frozen=True)
class File:
    table: str
    path: str  # folder/name; the folder is the source
    text: str
    lines: tuple
    changed: int  # when it was changed last
    day: int = 0  # in its name; 0: none
    kind: str = ""  # its name without digits

    @property
    def source(self):
        return self.path.split("/")[0]

    @property
    def good(self):
        return [line for line in self.lines if line.is_good]

    @property
    def slot(self):
        if self.table == "students":
            return self.source, self.table, ""
        if self.table == "visits":  # the name may say the school year
            return self.source, self.table, "2026" if self.day else ""
        schools = {line.values["school_id"] for line in self.good}
        return self.source, self.table, schools.pop() if len(schools) == 1 else "*"

    @property
    def is_whole(self):
        """It is all there is of its scope."""
        return self.table != "students"

    def key_of(self, line):
        return line.key(KEYS[self.table])

    def keys(self):
        return {self.key_of(line) for line in self.lines if line.says_key}

    def is_newer_than(self, other):
        if self.kind != other.kind:
            return False
        if self.day != other.day:
            return self.day > other.day
        return self.changed > other.changed


@dataclasses.dataclass(frozen=True)
class Row:
    values: frozenset  # of (column, value), without those that have none
    run: int
    line: int

    def get(self, column):
        return dict(self.values).get(column)


@dataclasses.dataclass
class Take:
    """A file that was loaded."""

    file: File
    run: int
    newer: tuple = ()  # takes of newer versions, to which it gave way
    counts: bool = True

    @property
    def fills_slot(self):
        return self.counts and not self.newer


@dataclasses.dataclass
class Verdict:
    statuses: tuple  # that the program may report
    newer: tuple = ()


def row_of(values, run, line):
    present = frozenset((c, v) for c, v in values.items() if v is not None)
    return Row(present, run, line)


class Tables:
    """Tables while files go in, one after another."""

    def __init__(self):
        self.rows = {"students": {}, "enrollments": {}, "visits": {}}
        self._source = {}  # of a run

    def put(self, take):
        self._source[take.run] = take.file.source
        if take.file.table == "visits":
            return self._replace(take)
        if take.file.table == "enrollments":
            for key in self.missing(take.file):
                del self.rows["enrollments"][key]
        skipped = {key for newer in take.newer for key in newer.file.keys()}
        for line in take.file.good:
            if line.key(KEYS[take.file.table]) not in skipped:
                self._merge(take, line)

    def _merge(self, take, line):
        rows = self.rows[take.file.table]
        key = line.key(KEYS[take.file.table])
        stored = dict(rows[key].values) if key in rows else {}
        # Columns that the file lacks keep what is stored; equal rows are not written.
        row = row_of(stored | line.values, take.run, line.number)
        if key not in rows or rows[key].values != row.values:
            rows[key] = row

    def _replace(self, take):
        """What has no match by content goes, or comes."""
        rows, slot = self.rows["visits"], take.file.slot
        was = {key: row for key, row in rows.items() if key[0] == slot}
        for key in was:
            del rows[key]
        for line in take.file.good:
            key = slot, line.values["visit"]
            row = row_of(line.values, take.run, line.number)
            is_same = key in was and was[key].values == row.values
            rows[key] = was[key] if is_same else row

    def standing(self, file, scope):
        """Rows of the scope that this source gave."""
        return [key for key, row in self.rows["enrollments"].items()
                if tuple(row.get(c) for c in SCOPE) == scope and self._source[row.run] == file.source]

    def missing(self, file):
        """Rows that the snapshot closes."""
        if not file.good or not all(line.says_key for line in file.lines):
            return []
        return [key for scope in {line.key(SCOPE) for line in file.good}
                for key in self.standing(file, scope) if key not in file.keys()]

    def is_half(self, file):
        for scope in {line.key(SCOPE) for line in file.good}:
            standing = self.standing(file, scope)
            gone = set(standing) & set(self.missing(file))
            if len(gone) >= HALF[0] and len(standing) - len(gone) < HALF[1] * len(standing):
                return True
        return False

    def listed(self):
        return {table: collections.Counter(rows.values()) for table, rows in self.rows.items()}


class Model:
    """What came, in the order of the commits, and how every table stood after each of them."""

    def __init__(self):
        self.takes = []
        self.log = [(0, Tables().listed())]  # run, tables after it
        self._arrived = {}  # by path: file that came last, and its take; None: it was not loaded
        self._changed = {}  # by path and bytes: when they were changed, as they came last

    def tables(self):
        tables = Tables()
        for take in self.counting():
            tables.put(take)
        return tables

    def counting(self):
        return [take for take in self.takes if take.counts]

    def fills(self, slot):
        return [take for take in self.takes if take.fills_slot and take.file.slot == slot]

    def judge(self, file):
        """What is to become of a file."""
        fills = self.fills(file.slot)
        if fills and fills[-1].file.text == file.text or self._is_same_object(file):
            return Verdict(("duplicate",))
        newer = ()
        if not any(take.file.text == file.text for take in fills):  # else it is put back
            newer = tuple(take for take in self.counting()
                          if take.file.slot == file.slot
                          and self._as_it_came_last(take.file).is_newer_than(file))
        if newer and file.is_whole:
            return Verdict(("held",))
        if file.table == "enrollments" and self.tables().is_half(file):
            return Verdict(("held",))
        return Verdict(("loaded",), newer)

    def _is_same_object(self, file):
        """The very object that was taken before; nothing else came under its path since."""
        last, take = self._arrived.get(file.path, (None, None))
        return (last is not None and (last.text, last.changed) == (file.text, file.changed)
                and take is not None and take.counts
                and (not take.newer or any(newer.counts for newer in take.newer)))

    def _as_it_came_last(self, file):
        """Bytes that came again under their name are as new as they were then."""
        return dataclasses.replace(file, changed=self._changed[file.path, file.text])

    def _note_arrival(self, file, take):
        self._arrived[file.path] = file, take
        self._changed[file.path, file.text] = file.changed

    def last_under(self, path):
        return self._arrived[path][0]

    def note_duplicate(self, file):
        fills = self.fills(file.slot)
        last, take = self._arrived.get(file.path, (None, None))
        if last is None or last.text != file.text:
            take = fills[-1]
        self._note_arrival(file, take)

    def note_not_loaded(self, file):
        self._note_arrival(file, None)

    def note_loaded(self, file, run, newer=()):
        take = Take(file, run, newer)
        self.takes.append(take)
        self._note_arrival(file, take)
        self._note(run)

    def note_undo(self, run, undone, count_again):
        for take in self.takes:
            if take.run in undone:
                take.counts = count_again
        self._note(run)

    def _note(self, run):
        self.log.append((run, self.tables().listed()))

    def history(self, table):
        """Every row that was in the table and is no more, with the run that took it out."""
        gone = collections.Counter()
        for (_, before), (run, after) in zip(self.log, self.log[1:]):
            for row in (before[table] - after[table]).elements():
                gone[row, run] += 1
        return gone

    def slots(self):
        """By slot: the run that fills it, and how many do."""
        return {slot: (self.fills(slot)[-1].run if self.fills(slot) else None, len(self.fills(slot)))
                for slot in {take.file.slot for take in self.takes}}


# A warehouse that breaks a promise: the test must see each of them.
BROKEN = {
    "rows that a snapshot lacks stay":
        "create rule broken as on delete to data.enrollments do instead nothing",
    "what was replaced is forgotten":
        "create rule broken as on insert to history.students do instead nothing",
    "an older version wins":
        "create or replace function homeroom.name_family(path text) returns text language sql immutable "
        "strict parallel safe return path",
    "every moment is now":
        "create or replace function homeroom.version_at(name text, known_at timestamptz) returns bigint "
        "language sql stable return homeroom.newest_version(name)",
    "the last day is left out":
        "do $$ begin execute replace(pg_get_functiondef('homeroom.make_as_of'::regproc), '>= true_on', "
        "'> true_on'); perform homeroom.make_as_of('enrollments'); end $$",
}
