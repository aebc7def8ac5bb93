-- as_of.TABLE(known_at, true_on), homeroom.make_as_of, and homeroom.remake_as_of, which calls it.
begin;
select plan(34);

select test.add_run(1, 'enrollments'), test.add_run(2, 'enrollments'), test.add_run(3, 'enrollments');
insert into data.enrollments (school_year, student_id, school_id, entry_date, exit_date, _run, _line, _since)
values
    (2026, 's1', '010', '2025-08-20', null, 1, 2, null),
    (2026, 's2', '010', '2025-08-20', '2025-10-01', 2, 3, null),
    (2026, 's3', '010', '2025-10-01', '2025-10-01', 1, 4, 3);  -- it waited until run 3
create function pg_temp.known(at timestamptz) returns text
language sql as $$
    select string_agg(e.student_id || ' ' || e._run, ', ' order by e.student_id, e._run)
    from as_of.enrollments(at) as e
$$;
create function pg_temp.on_day(day date) returns text
language sql as $$
    select string_agg(e.student_id, ', ' order by e.student_id)
    from as_of.enrollments('infinity', day) as e
$$;

select is(pg_temp.known('infinity'), 's1 1, s2 2', 'before any version rows of a run''s own load count');

insert into history.enrollments (
    school_year, student_id, school_id, entry_date, exit_date, _run, _line, _since, _superseded_by, _until
) values (2026, 's2', '010', '2025-08-20', null, 1, 3, null, 2, 2);

select test.add_version('enrollments', 1, 1, 'load', '2025-10-01 12:00+00');
select test.add_version('enrollments', 2, 2, 'load', '2025-10-02 12:00+00');
select test.add_version('enrollments', 3, 1, 'waited', '2025-10-03 12:00+00');

-- What was known.
select is(pg_temp.known('-infinity'), null, 'nothing before all time');
select is(pg_temp.known('2025-10-01 11:59:59.999999+00'), null, 'nothing before the first load');
select is(pg_temp.known('2025-10-01 12:00+00'), 's1 1, s2 1', 'the very moment of a load counts');
select is(pg_temp.known('2025-10-02 11:59+00'), 's1 1, s2 1', 'until the next one');
select is(pg_temp.known('2025-10-02 12:00+00'), 's1 1, s2 2', 'a replaced row gives way');
select is(pg_temp.known('2025-10-03 12:00+00'), 's1 1, s2 2, s3 1', 'a row that waited is there from then on');
select is(pg_temp.known(null), null, 'at no time nothing is known');
select results_eq('select count(*) from as_of.enrollments()', array[3::bigint], 'without a time it is now');
select results_eq('select * from as_of.enrollments() order by student_id',
    'select * from data.enrollments order by student_id', 'with the table''s own columns');

-- What was true.
select is(pg_temp.on_day('2025-08-19'), null, 'nobody the day before the first day');
select is(pg_temp.on_day('2025-08-20'), 's1, s2', 'the first day is included');
select is(pg_temp.on_day('2025-10-01'), 's1, s2, s3', 'so is the last, and a stint of one day');
select is(pg_temp.on_day('2025-10-02'), 's1', 'the day after the last day is not');
select is(pg_temp.on_day('9999-12-31'), 's1', 'without a last day it goes on');
select is(pg_temp.on_day(null), 's1, s2, s3', 'without a day all rows');
update data.enrollments as e set exit_date = '2025-08-01' where e.student_id = 's1';
select is(pg_temp.on_day('2025-08-10'), null, 'a stint that ends before it begins is true on no day');
alter table data.enrollments alter column entry_date drop not null;
update data.enrollments as e set entry_date = null, exit_date = '2025-12-01' where e.student_id = 's1';
select is(pg_temp.on_day('1990-01-01'), 's1', 'without a first day it was so from the start');
select results_eq(
    $$ select count(*) from as_of.enrollments(homeroom.end_of_day('2025-10-01', 'UTC'), '2025-10-02') $$,
    array[2::bigint], 'both at once: s2 had no last day yet');

-- The functions themselves.
select throws_ok($$ select as_of.schools(now(), date '2025-10-01') $$, '42883', null,
    'a data set without a true period takes no day');
select throws_ok($$ select as_of.enrollments('yesterday-ish') $$, '22007', null, 'a time that is none');
select lives_ok($$ select homeroom.make_as_of('none') $$, 'of a table that is not nothing is made');
select throws_ok($$ select homeroom.make_as_of(null) $$, '22004', null, 'null is no name');
create table data.alone (a text, _run bigint, _line bigint, _since bigint);
select lives_ok($$ select homeroom.make_as_of('alone') $$, 'nor of a table without history');
select hasnt_function('as_of', 'alone', 'it has no function');

create table data."Odd ""name" ("a b" text, start date, "end" date, _run bigint, _line bigint, _since bigint);
create table history."Odd ""name" (like data."Odd ""name", _superseded_by bigint, _superseded_at timestamptz, _until bigint);
select lives_ok($$ select homeroom.make_as_of('Odd "name') $$, 'any name will do');
insert into data."Odd ""name" values ('x', '2025-10-01', null, 1, 2, null);
select results_eq($$ select "a b" from as_of."Odd ""name"() $$, array['x'], 'and is read');
insert into homeroom.true_period values ('Odd "name', 'a b', 'end');
select has_function('as_of', 'Odd "name', array['timestamp with time zone'], 'a text is no first day');
update homeroom.true_period set begin_column = 'start' where table_name = 'Odd "name';
select has_function('as_of', 'Odd "name', array['timestamp with time zone', 'date'],
    'a true period brings the second parameter');
select is((select count(*) from pg_proc where pronamespace = 'as_of'::regnamespace and proname = 'Odd "name'),
    1::bigint, 'in the place of the function with one');
delete from homeroom.true_period where table_name = 'Odd "name';
select has_function('as_of', 'Odd "name', array['timestamp with time zone'], 'taken back, it goes again');
alter table data."Odd ""name" add column more text;
alter table history."Odd ""name" add column more text;
insert into homeroom.migration (table_name, description, sql, reverse_sql, applied_at)
values ('Odd "name', 'add column more', '', '', now());
select lives_ok($$ select more from as_of."Odd ""name"() $$, 'a migration makes it anew, with the new column');

select is_empty(
    $$ select c.relname from pg_class as c
       where c.relnamespace = 'data'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'alone'
           and not exists (select from pg_proc as p where p.pronamespace = 'as_of'::regnamespace
               and p.proname = c.relname) $$, 'every table has its function');
select is_empty(
    $$ select p.proname from pg_proc as p where p.pronamespace = 'as_of'::regnamespace
           and (p.provolatile <> 's' or p.prosecdef or obj_description(p.oid, 'pg_proc') is null) $$,
    'each is stable, runs with the rights of who asks, and says what it is');

select * from finish();
rollback;
