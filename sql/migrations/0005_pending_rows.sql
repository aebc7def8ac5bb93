-- Rows that name a student (or a section, ...) who is not known yet. They are counted as pending in
-- their run and leave this table in the transaction that brings what they wait for.

set local role homeroom_owner;

create table homeroom.pending_row (
    pending_id  bigint generated always as identity,
    table_name  text collate "C" not null,
    run_id      bigint not null,
    line        bigint not null,
    key         jsonb,
    content     jsonb not null,
    waits_for   text[] not null,
    since       timestamptz not null default now(),
    constraint pending_row_key primary key (pending_id),
    constraint pending_row_run foreign key (run_id) references homeroom.run (run_id)
        deferrable initially deferred,
    constraint pending_row_waits check (cardinality(waits_for) > 0)
);
create index pending_row_by_line on homeroom.pending_row (run_id, line);
create index pending_row_by_key on homeroom.pending_row (table_name, key);
comment on table homeroom.pending_row is
    'Clean rows that wait for a row of another table. Holds values of students';
comment on column homeroom.pending_row.pending_id is 'Order of arrival';
comment on column homeroom.pending_row.table_name is 'Table in schema data that the row is for';
comment on column homeroom.pending_row.run_id is 'Run whose file brought it, and that counts it';
comment on column homeroom.pending_row.line is 'Line of that file';
comment on column homeroom.pending_row.key is
    'Values of the table''s key in its order; a newer row of the same key takes the place of this one';
comment on column homeroom.pending_row.content is 'The row as it will be loaded, by column';
comment on column homeroom.pending_row.waits_for is 'Tables in schema data that lack what it names';
comment on column homeroom.pending_row.since is 'When it came';
