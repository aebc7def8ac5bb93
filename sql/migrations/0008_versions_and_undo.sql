-- Versions of tables, tables as they stood, and what it takes to take a run back.
-- A version of a table is what one transaction made of it. Versions of a table count from 1 in the
-- order in which they were committed: whoever makes one holds the table's lock until then.

set local role homeroom_owner;

create table homeroom.table_version (
    table_name  text collate "C" not null,
    version     bigint not null,
    run_id      bigint not null,
    cause       text not null,
    sequence    bigint generated always as identity,
    made_at     timestamptz not null default clock_timestamp(),
    constraint table_version_key primary key (table_name, version),
    constraint table_version_run foreign key (run_id) references homeroom.run (run_id)
        deferrable initially deferred,
    constraint table_version_cause_known check (cause in ('load', 'waited', 'correction', 'undo'))
);
create index table_version_by_run on homeroom.table_version (run_id, table_name);
comment on table homeroom.table_version is
    'What a transaction made of a table: its versions in the order in which they were committed';
comment on column homeroom.table_version.table_name is 'Table in schema data';
comment on column homeroom.table_version.version is 'Counts from 1';
comment on column homeroom.table_version.run_id is 'Run that made it';
comment on column homeroom.table_version.cause is
    'load: its own rows; waited: rows of earlier runs that waited for its rows; correction: rows of '
    'it that a person corrected; undo: it took another run back';
comment on column homeroom.table_version.sequence is 'Order over all tables in which they were begun';
comment on column homeroom.table_version.made_at is
    'When it was committed; never before the version before it, whatever the clock said';

-- Set when the transaction ends, so that a version counts from the moment others see it.
create function homeroom.stamp_version() returns trigger
language plpgsql as $$
begin
    update homeroom.table_version as v
    set made_at = greatest(clock_timestamp(), (
        select b.made_at
        from homeroom.table_version as b
        where b.table_name = new.table_name
            and b.version = new.version - 1
    ))
    where v.table_name = new.table_name
        and v.version = new.version;
    return null;
end $$;
comment on function homeroom.stamp_version() is 'Sets homeroom.table_version.made_at at commit';

create constraint trigger table_version_stamped
    after insert on homeroom.table_version
    deferrable initially deferred
    for each row execute function homeroom.stamp_version();

create function homeroom.newest_version(name text) returns bigint
language sql stable parallel safe
begin atomic
    select max(v.version)
    from homeroom.table_version as v
    where v.table_name = name;
end;
comment on function homeroom.newest_version(text) is
    'Newest version of a table in schema data; for who holds its lock, the one being made';

create function homeroom.version_at(name text, known_at timestamptz) returns bigint
language sql stable parallel safe
begin atomic
    select coalesce(max(v.version), 0)
    from homeroom.table_version as v
    where v.table_name = name
        and v.made_at <= known_at;
end;
comment on function homeroom.version_at(text, timestamptz) is
    'Newest version of a table in schema data that was committed at that time or before; 0: none';

create function homeroom.end_of_day(day date, zone text) returns timestamptz
language sql stable parallel safe
begin atomic
    select (day + 1)::timestamp at time zone zone - interval '1 microsecond';
end;
comment on function homeroom.end_of_day(date, text) is
    'Last moment of a day in a time zone: what was known on that day was committed until then';

-- Runs that take others back.
alter table homeroom.run
    add column kind text not null default 'file',
    add column undone_by bigint,
    drop constraint run_status_known,
    add constraint run_status_known
        check (status in ('loaded', 'held', 'waiting', 'refused', 'done')),
    add constraint run_kind_known check (kind in ('file', 'undo')),
    add constraint run_undo_is_done check ((kind = 'undo') = (status = 'done')),
    add constraint run_undone_by foreign key (undone_by) references homeroom.run (run_id)
        deferrable initially deferred;
comment on table homeroom.run is
    'One file taken in once: what became of each of its rows (rows read is the sum of the six '
    'outcomes); or an undo, which reads no rows';
comment on column homeroom.run.status is 'loaded, held, waiting or refused; done for an undo';
comment on column homeroom.run.kind is 'file, or undo: it took other runs back';
comment on column homeroom.run.undone_by is 'Undo that took it back; null while it counts';

create table homeroom.undone_run (
    undo_run  bigint not null,
    run_id    bigint not null,
    made_by   text not null,
    reason    text not null,
    constraint undone_run_key primary key (undo_run, run_id),
    constraint undone_run_undo foreign key (undo_run) references homeroom.run (run_id)
        deferrable initially deferred,
    constraint undone_run_run foreign key (run_id) references homeroom.run (run_id)
);
comment on table homeroom.undone_run is 'Runs that an undo took back';
comment on column homeroom.undone_run.undo_run is 'The undo, a run itself';
comment on column homeroom.undone_run.run_id is 'Run that it took back';
comment on column homeroom.undone_run.made_by is 'Who';
comment on column homeroom.undone_run.reason is 'Why, in that person''s words; may be empty';

alter table homeroom.slot alter column current_run drop not null;
comment on column homeroom.slot.current_run is
    'Run that filled it last; null when all that filled it were taken back';
comment on column homeroom.slot.revision is 'How many runs have filled it and were not taken back';
alter table homeroom.slot
    drop constraint slot_revision_positive,
    add constraint slot_revision_not_negative check (revision >= 0);

-- Lines that came to another outcome than their run first counted, so that it can be reversed.
create table homeroom.settlement (
    settlement_id  bigint generated always as identity,
    table_name     text collate "C" not null,
    version        bigint not null,
    run_id         bigint not null,
    loaded         bigint not null,
    unchanged      bigint not null,
    duplicate      bigint not null,
    quarantined    bigint not null,
    pending        bigint not null,
    skipped        bigint not null,
    inserted       bigint not null,
    updated        bigint not null,
    closed         bigint not null,
    constraint settlement_key primary key (settlement_id),
    constraint settlement_run foreign key (run_id) references homeroom.run (run_id),
    constraint settlement_sums_to_nothing check (
        loaded + unchanged + duplicate + quarantined + pending + skipped = 0
    )
);
create index settlement_by_version on homeroom.settlement (table_name, version);
comment on table homeroom.settlement is
    'What a run''s counts changed by after it was recorded: rows that waited or were corrected';
comment on column homeroom.settlement.settlement_id is 'Order of the changes';
comment on column homeroom.settlement.table_name is 'Table in schema data whose rows they are';
comment on column homeroom.settlement.version is 'Version of the table that was made by it';
comment on column homeroom.settlement.run_id is 'Run whose counts changed';
comment on column homeroom.settlement.loaded is 'By how much rows_loaded changed';
comment on column homeroom.settlement.unchanged is 'By how much rows_unchanged changed';
comment on column homeroom.settlement.duplicate is 'By how much rows_duplicate changed';
comment on column homeroom.settlement.quarantined is 'By how much rows_quarantined changed';
comment on column homeroom.settlement.pending is 'By how much rows_pending changed';
comment on column homeroom.settlement.skipped is 'By how much rows_skipped changed';
comment on column homeroom.settlement.inserted is 'By how much rows_inserted changed';
comment on column homeroom.settlement.updated is 'By how much rows_updated changed';
comment on column homeroom.settlement.closed is 'By how much rows_closed changed';

-- Rows that waited once: an undo makes them wait again.
alter table homeroom.pending_row add column began_in bigint;
comment on column homeroom.pending_row.began_in is
    'Version of the table, an undo''s, that made it wait again; null: it waits since its run';

create table homeroom.past_pending_row (
    pending_id  bigint not null,
    table_name  text collate "C" not null,
    run_id      bigint not null,
    line        bigint not null,
    key         jsonb,
    content     jsonb not null,
    waits_for   text[] not null,
    since       timestamptz not null,
    began_in    bigint,
    ended_in    bigint
);
create index past_pending_row_by_version on homeroom.past_pending_row (table_name, ended_in);
create index past_pending_row_by_run on homeroom.past_pending_row (run_id, line);
comment on table homeroom.past_pending_row is
    'Rows that wait no more: loaded, replaced by a newer row, or taken back. Holds values of students';
comment on column homeroom.past_pending_row.pending_id is 'As in homeroom.pending_row';
comment on column homeroom.past_pending_row.table_name is 'Table in schema data that the row is for';
comment on column homeroom.past_pending_row.run_id is 'Run whose file brought it';
comment on column homeroom.past_pending_row.line is 'Line of that file';
comment on column homeroom.past_pending_row.key is 'Values of the table''s key in its order';
comment on column homeroom.past_pending_row.content is 'The row by column';
comment on column homeroom.past_pending_row.waits_for is 'Tables in schema data that lacked what it names';
comment on column homeroom.past_pending_row.since is 'When it came';
comment on column homeroom.past_pending_row.began_in is 'As in homeroom.pending_row';
comment on column homeroom.past_pending_row.ended_in is 'Version of the table that ended its waiting';

create function homeroom.keep_past_pending() returns trigger
language plpgsql as $$
begin
    insert into homeroom.past_pending_row (
        pending_id, table_name, run_id, line, key, content, waits_for, since, began_in, ended_in
    )
    select
        g.pending_id,
        g.table_name,
        g.run_id,
        g.line,
        g.key,
        g.content,
        g.waits_for,
        g.since,
        g.began_in,
        homeroom.newest_version(g.table_name)
    from gone as g;
    return null;
end $$;
comment on function homeroom.keep_past_pending() is 'Fills homeroom.past_pending_row';

create trigger pending_row_kept
    after delete on homeroom.pending_row
    referencing old table as gone
    for each statement execute function homeroom.keep_past_pending();

-- Which days a row is true on, where its data set says so.
create table homeroom.true_period (
    table_name    text collate "C" not null,
    begin_column  text not null,
    end_column    text not null,
    constraint true_period_key primary key (table_name)
);
comment on table homeroom.true_period is
    'Data sets whose rows hold from a first day to a last one, as their contracts say';
comment on column homeroom.true_period.table_name is 'Table in schema data';
comment on column homeroom.true_period.begin_column is 'First day; null: from the start';
comment on column homeroom.true_period.end_column is 'Last day, included; null: it goes on';

-- as_of.TABLE(known_at, true_on): a function for each table, in plain SQL, so that the planner
-- puts it in the place of its call and the conditions of a query reach the tables' indexes.
create schema as_of authorization homeroom_owner;
comment on schema as_of is 'Tables of data as they stood: one function a table';

create function homeroom.make_as_of(name text) returns void
language plpgsql as $make$
declare
    columns text;
    period homeroom.true_period;
    parameters text := 'known_at timestamptz default ''infinity''';
    condition text := '';
begin
    select string_agg(format('r.%I', a.attname), ', ' order by a.attnum)
    into columns
    from pg_attribute as a
    where a.attrelid = to_regclass(format('data.%I', name))
        and a.attnum > 0
        and not a.attisdropped;
    if columns is null or to_regclass(format('history.%I', name)) is null then
        return;
    end if;
    select t.*
    into period
    from homeroom.true_period as t
    where t.table_name = name
        and (
            select count(*) = 2
            from pg_attribute as a
            where a.attrelid = to_regclass(format('data.%I', name))
                and a.attname in (t.begin_column, t.end_column)
                and a.atttypid = 'date'::regtype
        );
    if period.table_name is not null then
        parameters := parameters || ', true_on date default null';
        condition := format(
            E'\n    and (true_on is null or ((r.%1$I is null or r.%1$I <= true_on) and (r.%2$I is null or r.%2$I >= true_on)))',
            period.begin_column, period.end_column);
    end if;
    if period.table_name is null and to_regprocedure(format('as_of.%I(timestamptz, date)', name)) is not null then
        execute format('drop function as_of.%I(timestamptz, date)', name);
    elsif period.table_name is not null and to_regprocedure(format('as_of.%I(timestamptz)', name)) is not null then
        execute format('drop function as_of.%I(timestamptz)', name);
    end if;
    execute format($function$
create or replace function as_of.%1$I(%2$s) returns setof data.%1$I
language sql stable parallel safe as $body$
select %3$s
from data.%1$I as r
where (
        r._since <= (select homeroom.version_at(%4$L, known_at))
        or (r._since is null and r._run not in (
            select v.run_id
            from homeroom.table_version as v
            where v.table_name = %4$L
                and v.cause = 'load'
                and v.version > (select homeroom.version_at(%4$L, known_at))
        ))
    )%5$s
union all
select %3$s
from history.%1$I as r
where r._until > (select homeroom.version_at(%4$L, known_at))
    and (
        r._since <= (select homeroom.version_at(%4$L, known_at))
        or (r._since is null and r._run not in (
            select v.run_id
            from homeroom.table_version as v
            where v.table_name = %4$L
                and v.cause = 'load'
                and v.version > (select homeroom.version_at(%4$L, known_at))
        ))
    )%5$s
$body$
$function$, name, parameters, columns, name, condition);
    execute format('comment on function as_of.%I is %L', name,
        format('data.%s as it was known at a time%s', name, case when period.table_name is null
            then '' else ', of what was true on a day' end));
end $make$;
comment on function homeroom.make_as_of(text) is
    'Makes as_of.TABLE anew; it happens by itself when Homeroom changes the table';

create function homeroom.remake_as_of() returns trigger
language plpgsql as $$
begin
    perform homeroom.make_as_of(coalesce(new.table_name, old.table_name));
    return null;
end $$;
comment on function homeroom.remake_as_of() is 'Makes as_of.TABLE anew when the table changed';

create trigger migration_remakes_as_of
    after insert or update on homeroom.migration
    for each row execute function homeroom.remake_as_of();
create trigger true_period_remakes_as_of
    after insert or update or delete on homeroom.true_period
    for each row execute function homeroom.remake_as_of();

-- Databases that have tables already: their runs were committed in order of their numbers.
insert into homeroom.table_version (table_name, version, run_id, cause, made_at)
select
    t.table_name,
    row_number() over (partition by t.table_name order by t.run_id),
    t.run_id,
    'load',
    max(r.finished_at) over (partition by t.table_name order by t.run_id)
from homeroom.run_table as t
join homeroom.run as r on r.run_id = t.run_id
order by t.run_id;
set constraints all immediate;
update homeroom.table_version as v
set made_at = (
    select max(r.finished_at)
    from homeroom.table_version as b
    join homeroom.run as r on r.run_id = b.run_id
    where b.table_name = v.table_name
        and b.version <= v.version
);
set constraints all deferred;

do $$
declare
    name text;
    key text;
begin
    for name in
        select c.relname
        from pg_class as c
        where c.relnamespace = 'data'::regnamespace
            and c.relkind in ('r', 'p')
            and to_regclass(format('history.%I', c.relname)) is not null
        order by c.relname
    loop
        execute format('alter table data.%I add column _since bigint', name);
        execute format('comment on column data.%I._since is %L', name,
            'Version of the table that put the row here; null: that of its run''s own load');
        execute format(
            'alter table history.%I add column _since bigint, add column _until bigint', name);
        execute format(
            'update history.%1$I as h set _until = v.version from homeroom.table_version as v '
            'where v.table_name = %1$L and v.run_id = h._superseded_by', name);
        select string_agg(format('%I', a.attname), ', ' order by k.position)
        into key
        from pg_index as i
        cross join lateral unnest(i.indkey::int2[]) with ordinality as k (attnum, position)
        join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
        where i.indrelid = to_regclass(format('data.%I', name))
            and i.indisunique;
        if key is not null then
            execute format('create index on history.%I (%s)', name, key);
        end if;
        perform homeroom.make_as_of(name);
    end loop;
end $$;
