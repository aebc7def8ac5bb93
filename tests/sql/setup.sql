-- Short words for the tests: what the program would have written. Runs once, before them.
create extension pgtap;
create schema test;

-- Rows of any school year: loads make a part for each year that comes.
create table parts.attendance_daily_any partition of data.attendance_daily default;
create table parts.attendance_period_any partition of data.attendance_period default;

-- A loaded file, in a slot of its own.
create function test.add_run(id bigint, of_dataset text, done_at timestamptz default now())
returns void
language sql as $$
    with slot as (
        insert into homeroom.slot (source, dataset, scope, current_run)
        values ('sis', of_dataset, id::text, id)
        returning slot_id
    )
    insert into homeroom.run (
        run_id, slot_id, source, dataset, scope, path, raw_key, sha256, size_bytes, status,
        rows_read, rows_loaded, rows_unchanged, rows_duplicate, rows_quarantined, rows_pending,
        rows_skipped, rows_inserted, rows_updated, rows_closed, num_issues, contract_version,
        contracts_hash, engine_version, seconds, started_at, finished_at
    )
    select
        id, s.slot_id, 'sis', of_dataset, id::text, format('/drop/sis/%s_%s.csv', of_dataset, id),
        format('raw/%s', id), md5(id::text), 10, 'loaded',
        2, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, '1.0.0', 'hash', '0.1.0', 0.5, done_at, done_at
    from slot as s
$$;

-- A version of a table, committed at that time.
create function test.add_version(of_table text, number bigint, id bigint, why text, at timestamptz)
returns void
language plpgsql as $$
begin
    insert into homeroom.table_version (table_name, version, run_id, cause)
    values (of_table, number, id, why);
    set constraints all immediate;
    update homeroom.table_version as v
    set made_at = at
    where v.table_name = of_table
        and v.version = number;
    set constraints all deferred;
end $$;

create function test.set_parameter(of_name text, to_value numeric) returns void
language sql as $$
    update setting.parameter as p set value = to_value where p.name = of_name
$$;

-- Days from the first of September 2025 on, counted from 0.
create function test.mark_days(
    student text, school text, first_day int, num_days int, as_status text
) returns void
language sql as $$
    insert into data.attendance_daily (school_year, student_id, school_id, date, status, _run, _line)
    select 2026, student, school, date '2025-09-01' + d, as_status, 1, 1
    from generate_series(first_day, first_day + num_days - 1) as d
$$;
