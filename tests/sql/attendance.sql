-- mart.attendance_day, mart.attendance_by_student, report.attendance_rate_by_school and
-- report.chronic_absence_by_school: the edges of who counts, and how much.
begin;
select plan(26);

create function pg_temp.day(on_date date) returns text
language sql as $$
    select coalesce(string_agg(concat_ws(' of ', coalesce(d.absent_days::text, 'unknown'), d.member_days), ', '), 'none')
    from mart.attendance_day as d
    where d.date = on_date
$$;
create function pg_temp.chronic(school text) returns text
language sql as $$
    select concat_ws('/', c.chronic_students, c.num_students) || coalesce(' ' || c.hidden_reason, '')
    from report.chronic_absence_by_school as c
    where c.school_id = school
$$;

select is_empty('select * from mart.attendance_day', 'no rows, no days');
select is_empty('select * from mart.attendance_by_student', 'and no students');
select is_empty('select * from report.attendance_rate_by_school', 'and no rate');
select is_empty('select * from report.chronic_absence_by_school', 'and nobody chronic');

insert into data.attendance_daily (
    school_year, student_id, school_id, date, status, absent_fraction, is_absent, is_tardy, is_dismissed_early,
    _run, _line
) values
    (2026, '01', '900', '2025-09-01', 'present', null, null, null, null, 1, 1),
    (2026, '01', '900', '2025-09-02', 'partial', null, null, null, null, 1, 1),
    (2026, '01', '900', '2025-09-03', 'absent', 0.25, false, null, null, 1, 1),
    (2026, '01', '900', '2025-09-04', 'absent', null, false, null, null, 1, 1),
    (2026, '01', '900', '2025-09-05', 'not_in_membership', 1, true, null, null, 1, 1),
    (2026, '01', '900', '2025-09-08', 'field trip', null, null, null, null, 1, 1),
    (2026, '01', '900', '2025-09-09', 'field trip', null, true, null, null, 1, 1),
    (2026, '01', '900', '2025-09-10', null, null, true, true, null, 1, 1),
    (2026, '01', '900', '2025-09-11', null, null, null, true, null, 1, 1),
    (2026, '01', '900', '2025-09-12', null, null, null, false, null, 1, 1),
    (2026, '01', '900', '2025-09-15', null, 0, true, null, null, 1, 1);
select is(pg_temp.day('2025-09-02'), '0.5 of 1', 'part of a day is half of it');
select is(pg_temp.day('2025-09-03'), '0.25 of 1', 'a stated part goes before the status');
select is(pg_temp.day('2025-09-04'), '1 of 1', 'the status goes before a flag');
select is(pg_temp.day('2025-09-05'), 'none', 'a day outside membership is no day, whatever else it says');
select is(pg_temp.day('2025-09-08'), 'unknown of 1', 'a status that nobody knows is unknown');
select is(pg_temp.day('2025-09-09'), '1 of 1', 'unless a flag says');
select is(pg_temp.day('2025-09-10'), '1 of 1', 'absent and tardy is absent');
select is(pg_temp.day('2025-09-11'), '0 of 1', 'tardy is there');
select is(pg_temp.day('2025-09-12'), 'unknown of 1', 'not tardy says nothing');
select is(pg_temp.day('2025-09-15'), '0 of 1', 'nothing missed is nothing missed');
select results_eq(
    $$ select member_days, absent_days, unknown_days from mart.attendance_by_student $$,
    $$ values (8::numeric, 3.75, 2::bigint) $$, 'unknown days are in no sum');

-- Exactly 90.0 %, a hair above, a hair below; too few days; nobody judged.
select test.set_parameter('min_group', 1);
select test.mark_days('10', '010', 0, 90, 'present'), test.mark_days('10', '010', 90, 10, 'absent');
select is(pg_temp.chronic('010'), '1/1', 'exactly 90.0 % is chronic');
insert into data.attendance_daily (school_year, student_id, school_id, date, absent_fraction, _run, _line)
values (2026, '10', '010', '2026-05-01', 0.0999, 1, 1);
select is(pg_temp.chronic('010'), '0/1', '10.0999 of 101 days is less than a tenth');
select test.mark_days('11', '020', 0, 9, 'absent');
select is(pg_temp.chronic('020'), null, 'nine days are too few to judge: the school has nobody');
select test.mark_days('11', '020', 9, 1, 'present');
select is(pg_temp.chronic('020'), '1/1', 'ten are enough');
select test.set_parameter('min_group', 2);
select is(pg_temp.chronic('020'), ' too few students', 'a school of one is hidden, and says why');
select results_eq(
    $$ select num_students, member_days, absent_days, unknown_days, attendance_rate, hidden_reason
       from report.attendance_rate_by_school where school_id = '020' $$,
    $$ values (null::bigint, null::numeric, null::numeric, null::numeric, null::numeric, 'too few students') $$,
    'no figure of it is shown, not even how many they are');
select test.set_parameter('chronic_absence_min_days', 0), test.set_parameter('min_group', 0);
insert into data.attendance_daily (school_year, student_id, school_id, date, status, _run, _line)
values (2026, '12', '030', '2025-09-01', 'field trip', 1, 1);
select is(pg_temp.chronic('030'), null, 'who was expected on no known day is never chronic');
select results_eq(
    $$ select num_students, attendance_rate, unknown_days from report.attendance_rate_by_school where school_id = '030' $$,
    $$ values (0::bigint, null::numeric, 1::numeric) $$, 'and without a known day there is no rate, not zero');
delete from setting.parameter where name = 'min_group';
select is_empty(
    $$ select 1 from report.attendance_rate_by_school where attendance_rate is not null $$,
    'without its parameter nothing is shown');

-- A file of exceptions is filled from the calendar, with what a day weighs.
insert into data.calendar (school_year, school_id, date, is_instructional_day, day_weight, _run, _line)
values
    (2026, '040', '2025-09-01', true, null, 1, 1), (2026, null, '2025-09-02', true, 0.5, 1, 1),
    (2026, '040', '2025-09-03', false, null, 1, 1), (2026, '040', '2025-09-04', true, null, 1, 1),
    (2026, '040', '2025-09-05', true, null, 1, 1);
insert into data.enrollments (school_year, student_id, school_id, entry_date, exit_date, exit_type, _run, _line)
values
    (2026, '41', '040', '2025-09-02', null, null, 1, 1), (2026, '42', '040', '2025-08-01', '2025-09-01', null, 1, 1),
    (2026, '43', '040', '2025-08-01', null, 'no_show', 1, 1);
select test.mark_days('41', '040', 1, 1, 'absent'), test.mark_days('41', '040', 3, 1, 'not_in_membership');
insert into data.attendance_daily (school_year, student_id, school_id, date, status, _run, _line)
values (2026, '42', '040', '2025-09-04', 'absent', 1, 1);
select results_eq(
    $$ select student_id, date, member_days, absent_days from mart.attendance_day where school_id = '040'
       order by 1, 2 $$,
    $$ values ('41' collate "C", '2025-09-02'::date, 0.5, 0.5), ('42', '2025-09-01', 1, 0) $$,
    'from the first day to the last, of who came, up to the newest row; half a day missed is half');
update data.calendar set is_instructional_day = false where school_id = '040';
delete from data.calendar where school_id is null;
select results_eq(
    $$ select student_id, absent_days from mart.attendance_day where school_id = '040' order by 1 $$,
    $$ values ('41' collate "C", 1::numeric), ('42', 1) $$, 'without a calendar the days listed count');

select * from finish();
rollback;
