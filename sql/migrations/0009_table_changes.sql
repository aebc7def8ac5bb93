-- Changes of tables that wait for a person, or were taken back; and what tables look like as
-- Homeroom left them, so that what somebody else did to them is noticed.

set local role homeroom_owner;

alter table homeroom.migration
    alter column applied_at drop not null,
    alter column applied_at drop default,
    add column status text not null default 'applied',
    add column kind text collate "C" not null default 'other',
    add column column_name text not null default '',
    add column from_state text not null default '',
    add column to_state text not null default '',
    add column is_blocking boolean not null default false,
    add column asked_at timestamptz not null default now(),
    add column decided_by text not null default '',
    add column decided_at timestamptz,
    add column seconds double precision,
    add column is_written boolean not null default false,
    add constraint migration_status_known check (
        status in ('waiting', 'applied', 'refused', 'reverted')
    ),
    add constraint migration_applied_when check (
        status not in ('applied', 'reverted') or applied_at is not null
    );
update homeroom.migration set asked_at = applied_at;
create unique index migration_waits_once on homeroom.migration (table_name, md5(sql))
    where status = 'waiting';
create index migration_unwritten on homeroom.migration (migration_id) where not is_written;
comment on column homeroom.migration.applied_at is 'When it ran; null when it never did';
comment on column homeroom.migration.status is
    'waiting: for a person; applied; refused: a person said no; reverted: taken back';
comment on column homeroom.migration.kind is
    'create_table, add_column, widen_column, relax_not_null, rename_column, change_type, narrow_column, change_key';
comment on column homeroom.migration.column_name is 'Column it changes; empty for the whole table';
comment on column homeroom.migration.from_state is
    'What it changes, as it stood when it was written: a type, a key. Another state: it is out of date';
comment on column homeroom.migration.to_state is 'What it becomes: a type, a name, a key';
comment on column homeroom.migration.is_blocking is 'Files wait until it is applied or refused';
comment on column homeroom.migration.asked_at is 'When it was written';
comment on column homeroom.migration.decided_by is 'Who applied, refused or reverted it; empty: a load did';
comment on column homeroom.migration.decided_at is 'When';
comment on column homeroom.migration.seconds is 'How long it took to run';
comment on column homeroom.migration.is_written is 'The store has its SQL files';

-- What makes a table's shape, a row for each part: columns, indexes, constraints, triggers of
-- data.<name> and history.<name>. Comments, rights and statistics are no part of it.
create function homeroom.read_shape(table_name text)
returns table (place text, part text, name text, definition text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with relation as (
        select
            n.nspname::text as place,
            c.oid
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname in ('data', 'history')
            and c.relname = $1
    )
    select
        r.place,
        'column',
        a.attname::text,
        format_type(a.atttypid, a.atttypmod)
            || case when a.attcollation = 0 or l.collname = 'default' then ''
                else ' collate ' || quote_ident(l.collname) end
            || case when a.attnotnull then ' not null' else '' end
            || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
    from relation as r
    join pg_attribute as a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    left join pg_collation as l on l.oid = a.attcollation
    left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
    union all
    select r.place, 'index', c.relname::text, pg_get_indexdef(i.indexrelid)
    from relation as r
    join pg_index as i on i.indrelid = r.oid
    join pg_class as c on c.oid = i.indexrelid
    union all
    select r.place, 'constraint', k.conname::text, pg_get_constraintdef(k.oid)
    from relation as r
    join pg_constraint as k on k.conrelid = r.oid and k.contype <> 'n'
    union all
    select r.place, 'trigger', t.tgname::text, pg_get_triggerdef(t.oid)
    from relation as r
    join pg_trigger as t on t.tgrelid = r.oid and not t.tgisinternal
$$;
comment on function homeroom.read_shape(text) is
    'Columns, indexes, constraints and triggers of data.<name> and history.<name>';

create table homeroom.table_shape (
    table_name      text collate "C" not null,
    shape           jsonb not null,
    server_version  integer not null,
    agreed_by       text not null default '',
    recorded_at     timestamptz not null default now(),
    constraint table_shape_key primary key (table_name)
);
comment on table homeroom.table_shape is
    'Tables of schema data as Homeroom left them; what differs from it somebody else did';
comment on column homeroom.table_shape.table_name is 'Table in schema data';
comment on column homeroom.table_shape.shape is 'Rows of homeroom.read_shape';
comment on column homeroom.table_shape.server_version is
    'PostgreSQL that wrote the definitions: another may write them otherwise';
comment on column homeroom.table_shape.agreed_by is
    'Who accepted what somebody else did; empty when Homeroom did it';
comment on column homeroom.table_shape.recorded_at is 'When';

create function homeroom.record_shape(table_name text, agreed_by text)
returns void
language sql
as $$
    insert into homeroom.table_shape as t (table_name, shape, server_version, agreed_by)
    select
        $1,
        coalesce(jsonb_agg(to_jsonb(s) order by s.place, s.part, s.name), '[]'),
        current_setting('server_version_num')::integer / 10000,
        $2
    from homeroom.read_shape($1) as s
    having count(*) > 0
    on conflict on constraint table_shape_key do update
    set shape = excluded.shape,
        server_version = excluded.server_version,
        agreed_by = excluded.agreed_by,
        recorded_at = excluded.recorded_at
$$;
comment on function homeroom.record_shape(text, text) is
    'Keeps the shape that the table has now; the second parameter says who agrees to it';

-- Nothing where the shape is as it was kept, was never kept, or was kept by another PostgreSQL.
create function homeroom.find_alterations(table_name text)
returns table (place text, part text, name text, was text, definition text)
language sql
stable
as $$
    select
        coalesce(k.place, s.place),
        coalesce(k.part, s.part),
        coalesce(k.name, s.name),
        k.definition,
        s.definition
    from (
        select e.*
        from homeroom.table_shape as t
        cross join lateral jsonb_to_recordset(t.shape)
            as e (place text, part text, name text, definition text)
        where t.table_name = $1
    ) as k
    full join homeroom.read_shape($1) as s
        on s.place = k.place and s.part = k.part and s.name = k.name
    where k.definition is distinct from s.definition
        and exists (
            select
            from homeroom.table_shape as t
            where t.table_name = $1
                and t.server_version = current_setting('server_version_num')::integer / 10000
        )
    order by 1, 2, 3
$$;
comment on function homeroom.find_alterations(text) is
    'What differs between the table and its kept shape: was is null for what came, definition for what went';

select homeroom.record_shape(c.relname::text, '')
from pg_class as c
where c.relnamespace = 'data'::regnamespace
    and c.relkind in ('r', 'p')
    and exists (
        select
        from pg_attribute as a
        where a.attrelid = c.oid
            and a.attname = '_run'
    );
