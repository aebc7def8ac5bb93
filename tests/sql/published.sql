-- report.latest_runs, who may see what, and that everything says what it is.
begin;
select plan(12);

select is_empty('select * from report.latest_runs', 'nothing loaded, nothing told');
select test.add_run(1, 'schools', '2025-10-02'), test.add_run(2, 'students', '2025-10-01');
select results_eq($$ select run_id, dataset, status from report.latest_runs $$,
    $$ values (2::bigint, 'students' collate "C", 'loaded'), (1, 'schools', 'loaded') $$,
    'the newest run first, whatever the clock said');
select is_empty(
    $$ select 1 from report.latest_runs where rows_read <> rows_loaded + rows_unchanged + rows_duplicate
        + rows_quarantined + rows_pending + rows_skipped $$, 'rows read are the sum of the six');

create temporary view ours as
select c.oid, n.nspname as place, c.relname as name, c.relkind as kind
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname in ('homeroom', 'data', 'history', 'as_of', 'mart', 'report', 'setting', 'access', 'masked',
        'research')
    and c.relkind in ('r', 'v', 'm', 'p', 'S');

select is_empty(
    $$ select place, name from ours
       where place not in ('report', 'setting') and has_table_privilege('homeroom_reader', oid, 'select') $$,
    'a reader reads nothing but report and setting');
select is_empty(
    $$ select place, name from ours
       where place in ('report', 'setting') and not has_table_privilege('homeroom_reader', oid, 'select') $$,
    'and all of these');
select is_empty(
    $$ select place, name from ours
       where has_table_privilege('homeroom_reader', oid, 'insert, update, delete, truncate') $$,
    'a reader changes nothing');
select is_empty(
    $$ select p.proname from pg_proc as p where p.pronamespace in ('homeroom'::regnamespace, 'as_of'::regnamespace, 'access'::regnamespace)
           and has_function_privilege('homeroom_reader', p.oid, 'execute') $$, 'nor calls a function of ours');
select is_empty(
    $$ select n.nspname from pg_namespace as n cross join lateral aclexplode(n.nspacl) as a
       where n.nspname in ('homeroom', 'data', 'history', 'as_of', 'mart', 'report', 'setting', 'access', 'masked',
           'research', 'parts') and a.grantee = 0 $$,
    'PUBLIC gets into no schema');
select is_empty(
    $$ select place, name from ours where kind <> 'S' and pg_get_userbyid(
        (select c.relowner from pg_class as c where c.oid = ours.oid)) <> 'homeroom_owner' $$,
    'homeroom_owner owns everything');

select is_empty(
    $$ select place, name from ours where kind <> 'S' and obj_description(oid, 'pg_class') is null $$,
    'every table and view says what it is');
select is_empty(
    $$ select o.place, o.name, a.attname from ours as o
       join pg_attribute as a on a.attrelid = o.oid and a.attnum > 0 and not a.attisdropped
       where o.kind in ('r', 'v') and o.place not in ('history') and col_description(o.oid, a.attnum) is null $$,
    'so does every column');
select is_empty(
    $$ select p.proname from pg_proc as p where p.pronamespace in ('homeroom'::regnamespace, 'access'::regnamespace)
           and obj_description(p.oid, 'pg_proc') is null $$, 'and every function');

select * from finish();
rollback;
