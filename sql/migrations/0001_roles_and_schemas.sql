-- Roles, schemas and the record of what has been installed.
-- Runs as whoever installs; every later file runs as homeroom_owner.
-- homeroom_owner:  owns everything, nobody logs in as it.
-- homeroom_loader: writes; a member of homeroom_owner.
-- homeroom_reader: reads what is published in schema report, and the settings.
-- Roles belong to the server, not to the database: another database may have made them already,
-- or may be making them this moment.

do $$
begin
    if to_regrole('homeroom_owner') is null then
        create role homeroom_owner nologin;
    end if;
exception when duplicate_object or unique_violation then null;
end $$;

do $$
begin
    if to_regrole('homeroom_loader') is null then
        create role homeroom_loader login;
    end if;
exception when duplicate_object or unique_violation then null;
end $$;

do $$
begin
    if to_regrole('homeroom_reader') is null then
        create role homeroom_reader login;
    end if;
exception when duplicate_object or unique_violation then null;
end $$;

do $$
begin
    if not pg_has_role('homeroom_loader', 'homeroom_owner', 'member') then
        grant homeroom_owner to homeroom_loader;
    end if;
exception when unique_violation then null;
end $$;

do $$
begin
    if not pg_has_role(current_user, 'homeroom_owner', 'member') then
        execute format('grant homeroom_owner to %I', current_user);
    end if;
exception when unique_violation then null;
end $$;

-- What every login gets through PUBLIC is taken back where the database is Homeroom's alone.
-- In a database shared with other programs that would break them; there it stays as it is.
do $$
begin
    if not has_database_privilege('homeroom_owner', current_database(), 'create')
        or not has_database_privilege('homeroom_owner', current_database(), 'temporary')
    then
        execute format('grant create, connect, temporary on database %I to homeroom_owner',
            current_database());
    end if;
    if exists (
        select
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname not like 'pg\_%'
            and n.nspname <> 'information_schema'
    ) then
        return;
    end if;
    if pg_has_role(
        (select d.datdba from pg_database as d where d.datname = current_database()), 'usage')
    then
        execute format('grant create, connect, temporary on database %I to homeroom_owner',
            current_database());
        execute format('grant connect on database %I to homeroom_reader', current_database());
        execute format('revoke all on database %I from public', current_database());
    end if;
    if pg_has_role(
        (select n.nspowner from pg_namespace as n where n.nspname = 'public'), 'usage')
    then
        revoke all on schema public from public;
    end if;
end $$;

alter default privileges for role homeroom_owner revoke all on tables from public;
alter default privileges for role homeroom_owner revoke all on sequences from public;
alter default privileges for role homeroom_owner revoke all on functions from public;
alter default privileges for role homeroom_owner revoke all on types from public;

create schema homeroom authorization homeroom_owner;
create schema data authorization homeroom_owner;
create schema history authorization homeroom_owner;
create schema mart authorization homeroom_owner;
create schema report authorization homeroom_owner;
create schema setting authorization homeroom_owner;

set local role homeroom_owner;

comment on schema homeroom is 'Ledger: what was seen, loaded, changed and found wrong';
comment on schema data is 'One table a data set, as its contract describes it';
comment on schema history is 'Rows that were replaced or removed, with the run that did it';
comment on schema mart is 'Figures and rows prepared for the report views; not for readers';
comment on schema report is 'Published figures: what dashboards, exports and Tableau read';
comment on schema setting is 'Thresholds and code lists that the figures follow';

grant usage on schema report to homeroom_reader;
grant usage on schema setting to homeroom_reader;

create table homeroom.engine_migration (
    name        text collate "C" not null,
    kind        text not null,
    sha256      text collate "C" not null,
    applied_at  timestamptz not null default now(),
    constraint engine_migration_key primary key (name),
    constraint engine_migration_kind_known check (kind in ('migration', 'view'))
);
comment on table homeroom.engine_migration is
    'SQL files of the program that this database has; a migration runs once, a view when it changes';
comment on column homeroom.engine_migration.name is
    'Path of the file in the program: migrations/0001_roles_and_schemas.sql';
comment on column homeroom.engine_migration.kind is 'migration or view';
comment on column homeroom.engine_migration.sha256 is 'SHA-256 of the file as it ran, in hex';
comment on column homeroom.engine_migration.applied_at is 'When it ran';
