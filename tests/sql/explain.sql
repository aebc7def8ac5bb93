-- homeroom.explain: where a row came from, and what it was before.
begin;
select plan(18);

select test.add_run(1, 'attendance_daily'), test.add_run(2, 'attendance_daily'), test.add_run(3, 'attendance_daily');
insert into data.attendance_daily (school_year, student_id, school_id, date, status, _run, _line)
values (2026, '007', '010', '2025-11-03', 'tardy', 2, 9), (2026, 'o''hara; --', '010', '2025-11-03', null, 2, 10);
insert into history.attendance_daily (
    school_year, student_id, school_id, date, status, _run, _line, _superseded_by, _until
) values
    (2026, '007', '010', '2025-11-03', 'absent', 1, 4, 2, 5),
    (2026, '008', '010', '2025-11-03', 'absent', 1, 5, 3, 6);
insert into homeroom.change (run_id, column_name, rule, num_values)
values (2, 'status', 'enumeration', 12), (2, 'status', 'trim', 3), (2, 'date', 'date_to_iso', 20);

select results_eq(
    $$ select is_standing, run_id, line, replaced_by, row_values ->> 'status'
       from homeroom.explain('attendance_daily', '2026', '007', '010', '2025-11-03') $$,
    $$ values (true, 2::bigint, 9::bigint, null::bigint, 'tardy'), (false, 1, 4, 2, 'absent') $$,
    'the row as it stands, then what it was before');
select results_eq(
    $$ select path, source, raw_key, sha256, contract_version, engine_version
       from homeroom.explain('attendance_daily', '2026', '007', '010', '2025-11-03') limit 1 $$,
    $$ values ('/drop/sis/attendance_daily_2.csv', 'sis', 'raw/2', md5('2'), '1.0.0', '0.1.0') $$,
    'with the file, the object that keeps it, and the versions');
select results_eq(
    $$ select changes from homeroom.explain('attendance_daily', '2026', '007', '010', '2025-11-03') $$,
    $$ values ('{"status": {"enumeration": 12, "trim": 3}, "date": {"date_to_iso": 20}}'::jsonb), ('{}') $$,
    'and what each rule changed in that file');
select is_empty(
    $$ select 1 from homeroom.explain('attendance_daily', '2026', '007', '010', '2025-11-03') as e,
           jsonb_object_keys(e.row_values) as k where k like '\_%' $$, 'our own columns are no values of the row');
select results_eq(
    $$ select is_standing, replaced_by from homeroom.explain('attendance_daily', '2026', '008', '010', '2025-11-03') $$,
    $$ values (false, 3::bigint) $$, 'a row that is gone is found in history');
-- Run 2 was taken back by 3, so that what run 1 brought stands again.
insert into data.attendance_daily (school_year, student_id, school_id, date, status, _run, _line, _since)
values (2026, '009', '010', '2025-11-03', 'absent', 1, 6, 6);
insert into history.attendance_daily (
    school_year, student_id, school_id, date, status, _run, _line, _superseded_by, _until
) values
    (2026, '009', '010', '2025-11-03', 'absent', 1, 6, 2, 5),
    (2026, '009', '010', '2025-11-03', 'tardy', 2, 11, 3, 6);
select results_eq(
    $$ select run_id, replaced_by from homeroom.explain('attendance_daily', '2026', '009', '010', '2025-11-03') $$,
    $$ values (1::bigint, null::bigint), (2, 3), (1, 2) $$,
    'what stands comes first, then the newest, also where an older run stands again');
select is_empty($$ select * from homeroom.explain('attendance_daily', '2026', '7', '010', '2025-11-03') $$,
    '7 is not 007');
select is_empty($$ select * from homeroom.explain('attendance_daily', '2026', null, '010', '2025-11-03') $$,
    'null is a key without a value, of which there is none here');
select results_eq(
    $$ select line from homeroom.explain('attendance_daily', '2026', 'o''hara; --', '010', '2025-11-03') $$,
    array[10::bigint], 'a value is never SQL');
select results_eq(
    $$ select line from homeroom.explain('attendance_daily', variadic array['2026', '007', '010', '2025-11-03']) $$,
    array[9::bigint, 4], 'the key may be an array');
select is_empty($$ select * from homeroom.explain('attendance_daily', 'many', '007', '010', '2025-11-03') $$,
    'a value of another type is no key');

insert into data.calendar (school_year, school_id, date, is_instructional_day, _run, _line)
values (2026, null, '2025-11-03', true, 3, 7);
select results_eq($$ select line from homeroom.explain('calendar', '2026', null, '2025-11-03') $$,
    array[7::bigint], 'null asks for the row whose key has none there');

create table data.visits (visit text, _run bigint, _line bigint, _since bigint);
create table history.visits (like data.visits, _superseded_by bigint, _superseded_at timestamptz, _until bigint);
insert into data.visits values ('a', 3, 2, null), ('b', 3, 3, null), ('c', 2, 3, null);
select results_eq($$ select run_id, row_values ->> 'visit' from homeroom.explain('visits', '3') $$,
    $$ values (3::bigint, 'b'), (2, 'c') $$, 'a table without a key is asked by line, the newest run first');

select throws_ok($$ select * from homeroom.explain('none', '1') $$, '42P01', 'there is no table data.none',
    'a table that is not');
select throws_ok($$ select * from homeroom.explain('pg_class', '1') $$, '42P01', null, 'nor is one elsewhere');
select throws_ok($$ select * from homeroom.explain(null, '1') $$, '42P01', null, 'nor is null');
select throws_ok($$ select * from homeroom.explain('attendance_daily', '2026') $$, '22023',
    'data.attendance_daily is asked by 4 value(s), 1 given', 'too few values');
select throws_ok($$ select * from homeroom.explain('visits', '1', '2') $$, '22023', null, 'too many');

select * from finish();
rollback;
