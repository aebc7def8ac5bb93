"""What there is after a load, in a form that is equal when it should be: no times, no numbers of runs
or versions, since a file whose load broke off comes after those that were to come after it.

A row of a table stands with the hash of the file that it came from and its line there.
"""

import collections
import hashlib
import time

from libpq import Session

SESSION_ENDS_WITHIN = 10  # seconds after its program

_TABLES = """
select c.oid::regclass::text, n.nspname
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname in ('data', 'history') and c.relkind = 'r'
order by 1
"""
_ROWS = """
select '{table} ' || (to_jsonb(t) - '{{_run,_since,_superseded_by,_superseded_at,_until}}'::text[])::text
    || ' of ' || coalesce(r.sha256, 'nothing')
from {table} as t
left join homeroom.run as r on r.run_id = t._run
"""
_LEDGER = """
select 'run ' || concat_ws(' ', source, dataset, scope, sha256, rows_read, rows_loaded,
    rows_unchanged, rows_duplicate, rows_quarantined, rows_pending, rows_skipped, rows_inserted,
    rows_updated, rows_closed)
from homeroom.run where status = 'loaded'
union all
select 'slot ' || concat_ws(' ', s.source, s.dataset, s.scope, s.revision, r.sha256)
from homeroom.slot as s left join homeroom.run as r on r.run_id = s.current_run
union all
select 'waiting ' || concat_ws(' ', p.table_name, p.line, p.content, p.waits_for, r.sha256)
from homeroom.pending_row as p left join homeroom.run as r on r.run_id = p.run_id
union all
select 'arrival ' || concat_ws(' ', a.source, a.sha256)
from homeroom.arrival as a join homeroom.run as r on r.run_id = a.run_id and r.status = 'loaded'
union all
select 'version ' || concat_ws(' ', table_name, cause) from homeroom.table_version
union all
select 'migration ' || concat_ws(' ', table_name, description) from homeroom.migration
"""
_COLUMNS = """
select 'column ' || concat_ws(' ', table_schema, table_name, column_name, data_type, is_nullable)
from information_schema.columns where table_schema in ('data', 'history', 'as_of')
"""
_LEFT_OVER = """
select 'a session is left: ' || concat_ws(' ', state, wait_event, left(query, 60))
from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
union all
select 'a table is left: ' || oid::regclass from pg_class
where relpersistence = 't' or (relkind = 'r' and relname ~ '^(stage|staging)')
union all
select 'a transaction is left: ' || gid from pg_prepared_xacts where database = current_database()
"""


def state_of(url):
    """Every fact of the database, as often as it is there."""
    facts = collections.Counter()
    with Session(url) as session:
        tables = session.query(_TABLES)
        rows = " union all ".join(_ROWS.format(table=table) for table, _ in tables)
        for sql in (rows, _LEDGER, _COLUMNS):
            if sql:
                facts.update(fact for (fact,) in session.query(sql))
    return facts


def objects_of(store):
    """What the store keeps, by key. Reports are left out: they say how long a load took, and a
    load that broke off may have left one."""
    facts = collections.Counter()
    for path in sorted(store.rglob("*")):
        key = path.relative_to(store).as_posix()
        if path.is_file() and key.startswith(("raw/", "clean/", "quarantine/")):
            facts[f"object {key} {hashlib.sha256(path.read_bytes()).hexdigest()}"] += 1
    return facts


def differences(wanted, got, most=6):
    lost = [f"lost: {fact}" for fact in (wanted - got).elements()]
    more = [f"too many: {fact}" for fact in (got - wanted).elements()]
    return (lost + more)[:most]


def rows_missing(scene, url):
    """The scene's own rows against the tables': what the program is to do, said by somebody else."""
    problems = []
    with Session(url) as session:
        for table, (columns, rows) in scene.rows.items():
            listed = ", ".join(f'"{column}"::text' for column in columns)
            got = collections.Counter(session.query(f"select {listed} from data.{table}"))
            problems += differences(collections.Counter(rows), got)
    return problems


def left_over(url, store):
    """Sessions, tables, transactions and files that a load should have taken with it."""
    with Session(url) as session:
        end = time.monotonic() + SESSION_ENDS_WITHIN
        while problems := [problem for (problem,) in session.query(_LEFT_OVER)]:
            if time.monotonic() > end:
                break
            time.sleep(0.02)
    # An empty folder of its own stays until the next program looks.
    problems += [f"a file is left: {p.name}" for p in (store / ".tmp").rglob("*") if p.is_file()]
    return problems
