-- What the ledger refuses, and rows that wait no more (homeroom.keep_past_pending).
begin;
select plan(18);

select test.add_run(1, 'students'), test.add_run(2, 'attendance_daily');

select throws_ok($$ update homeroom.run set rows_loaded = rows_loaded + 1 where run_id = 1 $$, '23514', null,
    'rows read are the sum of the six outcomes');
select throws_ok($$ update homeroom.run set rows_pending = -1, rows_loaded = 3 where run_id = 1 $$, '23514',
    null, 'no count is negative');
select throws_ok($$ update homeroom.run set rows_read = null where run_id = 1 $$, '23502', null,
    'every count is known');
select throws_ok($$ update homeroom.run set status = 'lost' where run_id = 1 $$, '23514', null,
    'a status is one of five');
select throws_ok($$ update homeroom.run set slot_id = null where run_id = 1 $$, '23514', null,
    'what was loaded has a slot');
select throws_ok($$ update homeroom.run set kind = 'undo' where run_id = 1 $$, '23514', null,
    'an undo is done, not loaded');
select throws_ok(
    $$ insert into homeroom.slot (source, dataset, scope, current_run) values ('sis', 'students', '1', 1) $$,
    '23505', null, 'a place is one slot');
select throws_ok($$ update homeroom.slot set revision = -1 $$, '23514', null, 'a revision is not negative');
select lives_ok($$ update homeroom.slot set revision = 0, current_run = null $$, 'a slot may be empty after an undo');
select throws_ok(
    $$ insert into homeroom.settlement (table_name, version, run_id, loaded, unchanged, duplicate, quarantined,
        pending, skipped, inserted, updated, closed) values ('students', 1, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0) $$,
    '23514', null, 'what one outcome gains another loses');
select throws_ok(
    $$ insert into homeroom.issue (run_id, issue_no, line, field, column_name, rule, severity, message, suggestion)
       values (1, 1, 1, 1, '', 'x', 'fatal', '', '') $$, '23514', null, 'a severity is one of three');
select throws_ok($$ insert into homeroom.change values (1, 'status', 'trim', 0) $$, '23514', null,
    'a rule that changed nothing is not told of');
select throws_ok(
    $$ insert into homeroom.migration (table_name, description, sql, reverse_sql, status)
       values ('students', '', '', '', 'applied') $$, '23514', null, 'what was applied says when');
insert into homeroom.migration (table_name, description, sql, reverse_sql, status)
values ('students', '', 'alter', '', 'waiting');
select throws_ok(
    $$ insert into homeroom.migration (table_name, description, sql, reverse_sql, status)
       values ('students', '', 'alter', '', 'waiting') $$, '23505', null, 'the same change waits once');

-- Rows that waited are kept with the version that ended their waiting.
select throws_ok(
    $$ insert into homeroom.pending_row (table_name, run_id, line, content, waits_for)
       values ('attendance_daily', 2, 3, '{}', '{}') $$, '23514', null, 'a row waits for something');
insert into homeroom.pending_row (table_name, run_id, line, key, content, waits_for)
values
    ('attendance_daily', 2, 3, '["007"]', '{"student_id": "007"}', '{students}'),
    ('attendance_daily', 2, 4, null, '{"student_id": "008"}', '{students}');
delete from homeroom.pending_row where line = 3;
select results_eq(
    $$ select run_id, line, key, content, waits_for, ended_in from homeroom.past_pending_row $$,
    $$ values (2::bigint, 3::bigint, '["007"]'::jsonb, '{"student_id": "007"}'::jsonb, '{students}'::text[],
        null::bigint) $$, 'a row that waits no more is kept; before any version it ended in none');
select test.add_version('attendance_daily', 1, 2, 'load', now());
delete from homeroom.pending_row;
select results_eq($$ select line, ended_in from homeroom.past_pending_row order by line desc limit 1 $$,
    $$ values (4::bigint, 1::bigint) $$, 'then in the newest');
delete from homeroom.pending_row;
select is((select count(*) from homeroom.past_pending_row), 2::bigint, 'where none goes none is kept');

select * from finish();
rollback;
