-- Versions of tables: homeroom.newest_version, version_at, end_of_day, and
-- homeroom.stamp_version, which gives a version its time.
begin;
select plan(20);

select is(homeroom.newest_version('none'), null, 'a table that is not has no version');
select is(homeroom.version_at('none', now()), 0::bigint, 'and had none at any time: 0');

select test.add_run(1, 'schools'), test.add_run(2, 'schools'), test.add_run(3, 'schools');
select test.add_version('schools', 1, 1, 'load', '2025-10-01 12:00+00');
select test.add_version('schools', 2, 2, 'load', '2025-10-02 12:00+00');

select is(homeroom.newest_version('schools'), 2::bigint, 'the newest is the highest');
select is(homeroom.newest_version(null), null, 'of no table there is none');
select is(homeroom.version_at('schools', '2025-10-01 11:59:59.999999+00'), 0::bigint, 'a moment before');
select is(homeroom.version_at('schools', '2025-10-01 12:00+00'), 1::bigint, 'that very moment counts');
select is(homeroom.version_at('schools', '2025-10-02 11:59:59.999999+00'), 1::bigint,
    'until the next one');
select is(homeroom.version_at('schools', 'infinity'), 2::bigint, 'at the end of time');
select is(homeroom.version_at('schools', '-infinity'), 0::bigint, 'before all time');
select is(homeroom.version_at('schools', null), 0::bigint, 'at no time nothing is known');
select is(homeroom.version_at('Schools', 'infinity'), 0::bigint, 'names are what they are');

select is(homeroom.end_of_day('2025-10-03', 'America/New_York'), '2025-10-04 03:59:59.999999+00',
    'the last moment of a day in its zone');
select is(homeroom.end_of_day('2025-11-02', 'America/New_York'), '2025-11-03 04:59:59.999999+00',
    'also of a day with 25 hours');
select is(homeroom.end_of_day('2026-03-08', 'America/New_York'), '2026-03-09 03:59:59.999999+00',
    'and of one with 23');
select is(homeroom.end_of_day('2024-02-28', 'UTC'), '2024-02-28 23:59:59.999999+00', 'before a leap day');
select is(homeroom.end_of_day(null, 'UTC'), null, 'no day has no end');
select throws_ok($$ select homeroom.end_of_day('2025-10-03', 'Lincoln') $$, '22023', null,
    'a zone that is none is an error');

-- A version is stamped when the transaction ends, never before the one before it.
insert into homeroom.table_version (table_name, version, run_id, cause) values ('schools', 3, 3, 'load');
select is((select v.made_at >= now() from homeroom.table_version as v where v.version = 3), true,
    'it has a time from the start');
update homeroom.table_version as v set made_at = '2999-01-01' where v.version = 2;
set constraints all immediate;
select is((select v.made_at from homeroom.table_version as v where v.version = 3), '2999-01-01',
    'a clock that was set back does not put it before the one before');
select throws_ok(
    $$ insert into homeroom.table_version (table_name, version, run_id, cause) values ('schools', 4, 3, 'x') $$,
    '23514', null, 'a cause is one of four');

select * from finish();
rollback;
