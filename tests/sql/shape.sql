-- homeroom.read_shape, record_shape, find_alterations: what somebody else did to a table.
begin;
select plan(16);

create table data.games (id text collate "C" not null, seats bigint default 3, _run bigint);
create unique index games__key on data.games (id);
create table history.games (id text collate "C", seats bigint);
create view data.games_today as select g.id from data.games as g;

select bag_eq(
    $$ select * from homeroom.read_shape('games') $$,
    $$ values
        ('data', 'column', 'id', 'text collate "C" not null'),
        ('data', 'column', 'seats', 'bigint default 3'),
        ('data', 'column', '_run', 'bigint'),
        ('data', 'index', 'games__key', 'CREATE UNIQUE INDEX games__key ON data.games USING btree (id)'),
        ('history', 'column', 'id', 'text collate "C"'),
        ('history', 'column', 'seats', 'bigint') $$,
    'columns, indexes, constraints and triggers of both tables');
select is_empty($$ select * from homeroom.read_shape('none') $$, 'a table that is not has no shape');
select is_empty($$ select * from homeroom.read_shape(null) $$, 'nor has null');
select is_empty($$ select * from homeroom.read_shape('pg_class') $$, 'nor has one of another schema');

select is_empty($$ select * from homeroom.find_alterations('games') $$, 'what was never kept is not altered');
select homeroom.record_shape('games', '');
select is_empty($$ select * from homeroom.find_alterations('games') $$, 'as it was kept it is not altered');
select homeroom.record_shape('none', '');
select is_empty($$ select * from homeroom.table_shape where table_name = 'none' $$, 'of no table nothing is kept');

alter table data.games drop column seats;
alter table data.games add column room text;
alter table history.games alter column seats type numeric;
create index games_room on data.games (room);
alter table data.games add constraint has_room check (room <> '');
comment on table data.games is 'other words';
grant select on data.games to homeroom_reader;
select results_eq(
    $$ select place, part, name, was, definition from homeroom.find_alterations('games') $$,
    $$ values
        ('data', 'column', 'room', null, 'text'),
        ('data', 'column', 'seats', 'bigint default 3', null),
        ('data', 'constraint', 'has_room', null, 'CHECK ((room <> ''''::text))'),
        ('data', 'index', 'games_room', null, 'CREATE INDEX games_room ON data.games USING btree (room)'),
        ('history', 'column', 'seats', 'bigint', 'numeric') $$,
    'each part that came, went or changed; comments and rights are none');

create function pg_temp.nothing() returns trigger language plpgsql as $$ begin return null; end $$;
create trigger games_watch after insert on data.games for each row execute function pg_temp.nothing();
select results_eq($$ select name from homeroom.find_alterations('games') where part = 'trigger' $$,
    array['games_watch'], 'a trigger is noticed');
alter table data.games disable trigger games_watch;
alter index data.games__key rename to games_other;
select results_eq($$ select name, definition is null from homeroom.find_alterations('games')
    where part = 'index' and name like 'games\_\_key' or name = 'games_other' order by 1 $$,
    $$ values ('games__key', true), ('games_other', false) $$, 'another name is another index');

select homeroom.record_shape('games', 'Ada');
select is_empty($$ select * from homeroom.find_alterations('games') $$, 'what was accepted is no alteration');
select is((select t.agreed_by from homeroom.table_shape as t where t.table_name = 'games'), 'Ada',
    'and says who accepted it');

drop table history.games;
select is((select count(*) from homeroom.find_alterations('games') where place = 'history'), 2::bigint,
    'a table that was dropped is noticed');
update homeroom.table_shape set server_version = 9 where table_name = 'games';
select is_empty($$ select * from homeroom.find_alterations('games') $$,
    'what another PostgreSQL wrote is not compared');
select is_empty($$ select * from homeroom.find_alterations(null) $$, 'null is no table');

select is_empty(
    $$ select d.dataset from (select c.relname as dataset from pg_class as c where c.relkind = 'r'
           and c.relnamespace = 'data'::regnamespace and c.relname <> 'games') as d
       cross join lateral homeroom.find_alterations(d.dataset) $$,
    'the tables of the contracts are as Homeroom left them');

select * from finish();
rollback;
