-- report.mean_score_by_school and report.incidents_by_school.
begin;
select plan(17);
select test.set_parameter('min_group', 1);

select is_empty('select * from report.mean_score_by_school', 'no rows, no mean');
insert into data.assessment_results (
    school_year, student_id, state_student_id, school_id, school_name, assessment_id, result_id, subject, "window",
    domain, objective, scale_score, scale_score_suppressed, percentile, score_type, _run, _line
) values
    (2026, '1', null, '010', null, 'map', 'r1', 'math', 'BOY', null, null, 200, false, null, null, 1, 1),
    (2026, null, 'T1', '010', null, 'map', 'r2', 'math', 'BOY', null, null, 201, false, 0, null, 1, 2),
    (2026, '1', null, '010', null, 'map', 'r3', 'math', 'BOY', null, null, 200.01, false, null, null, 1, 3),
    (2026, '2', null, '010', null, 'map', 'r4', 'math', 'BOY', null, null, null, true, null, null, 1, 4),
    (2026, '3', null, '010', null, 'map', 'r5', 'math', 'BOY', 'algebra', null, 900, false, null, null, 1, 5),
    (2026, '3', null, '010', null, 'map', 'r6', 'math', 'BOY', null, 'OBJ1', 900, false, null, null, 1, 6),
    (2026, '4', null, '010', null, 'map', 'r7', 'math', null, null, null, null, false, 50, null, 1, 7),
    (2026, '5', null, null, 'Oak', 'map', 'r8', 'math', 'BOY', null, null, 1, false, null, null, 1, 8),
    (2026, '6', null, null, 'Elm', 'map', 'r9', 'math', 'BOY', null, null, 3, false, null, null, 1, 9),
    (2026, '1', null, '010', null, 'map', 'r10', 'math', 'BOY', null, null, 7, false, null, 'growth', 1, 10);
select results_eq(
    $$ select num_students, mean_score, mean_percentile from report.mean_score_by_school
       where school_id = '010' and "window" = 'BOY' and score_type is null $$,
    $$ values (2::bigint, 200.34, 0.00) $$,
    'whole results that have a score; a student counts once; zero is a percentile');
select results_eq(
    $$ select num_students, mean_score, mean_percentile from report.mean_score_by_school where "window" is null $$,
    $$ values (1::bigint, null::numeric, 50.00) $$, 'a percentile alone is a result; no window is one of its own');
select results_eq(
    $$ select school_name from report.mean_score_by_school where school_id is null order by 1 $$,
    $$ values ('Elm'), ('Oak') $$, 'schools without a number are told apart by name');
select results_eq($$ select mean_score from report.mean_score_by_school where score_type = 'growth' $$,
    $$ values (7.00) $$, 'kinds of score are not mixed');
select test.set_parameter('min_group', 3);
select is_empty($$ select 1 from report.mean_score_by_school
    where coalesce(num_students, mean_score, mean_percentile) is not null or hidden_reason is null $$,
    'groups of two are hidden');
select test.set_parameter('min_group', 2);
select results_eq($$ select count(*) from report.mean_score_by_school where hidden_reason is null $$,
    array[1::bigint], 'a group as large as it must be is shown');
select is((select max(m.data_as_of) from report.mean_score_by_school as m), null, 'without a load no time');
select test.add_run(1, 'assessment_results', '2025-10-01 12:00+00');
select is((select max(m.data_as_of) from report.mean_score_by_school as m), '2025-10-01 12:00+00',
    'then when it was loaded last');

create function pg_temp.incidents(school text) returns text
language sql as $$
    select concat_ws(' ', i.num_incidents, 'of', i.num_students, '=', i.incidents_per_100, i.hidden_reason)
    from report.incidents_by_school as i
    where i.school_id = school
$$;
select is_empty('select * from report.incidents_by_school', 'no students, no figure');
insert into data.enrollments (school_year, student_id, school_id, entry_date, exit_type, enrollment_status, _run, _line)
select 2026, 's' || n, '010', date '2025-08-20', case n when 1 then 'no_show' end,
    case n when 2 then 'pre_registered' end, 1, n
from generate_series(1, 5) as n;
select is(pg_temp.incidents('010'), 'of 3 =', 'no file of incidents is not no incident');
insert into data.discipline_incidents (
    school_year, incident_id, student_id, school_id, participation, incident_date, _run, _line
)
values (2026, 'i0', null, '020', 'victim', '2025-10-01', 1, 1);
select is(pg_temp.incidents('010'), '0 of 3 = 0.00', 'a file without any of this school is none');
insert into data.discipline_incidents (
    school_year, incident_id, student_id, school_id, participation, incident_date, _run, _line
)
values
    (2026, 'i1', 's3', '010', 'perpetrator', '2025-10-01', 1, 2), (2026, 'i1', 's4', '010', 'perpetrator', '2025-10-01', 1, 3),
    (2026, 'i2', 's3', '010', null, '2025-10-01', 1, 4), (2026, 'i3', 's3', '010', 'witness', '2025-10-01', 1, 5),
    (2026, 'i4', null, '010', null, '2025-10-01', 1, 6), (2025, 'i5', 's3', '010', 'perpetrator', '2025-10-01', 1, 7);
select is(pg_temp.incidents('010'), '3 of 3 = 100.00',
    'once an incident; of whom nobody says how they took part; not who only saw it; of that year');
insert into data.incident_students (incident_id, student_id, school_id, participation, _run, _line)
values ('i4', 's5', '010', 'victim', 1, 1), ('i3', 's5', '020', 'perpetrator', 1, 2);
select is(pg_temp.incidents('010'), '2 of 3 = 66.67',
    'parts in a table of their own count, but not those of another school''s incident of that number');
insert into data.enrollments (school_year, student_id, school_id, entry_date, _run, _line)
values (2026, 's3', '010', '2026-01-10', 1, 9);
select is(pg_temp.incidents('010'), '2 of 3 = 66.67', 'who left and came back is one student');
select test.set_parameter('min_group', 4);
select is(pg_temp.incidents('010'), 'of = too few students', 'small schools are hidden');
update data.enrollments set exit_type = 'invalid_enrollment';
select is_empty('select * from report.incidents_by_school', 'a school that nobody came to has no row');

select * from finish();
rollback;
