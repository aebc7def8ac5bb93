-- How files of one kind are read: what a person said of one of them holds for the next ones.

set local role homeroom_owner;

create function homeroom.name_family(path text) returns text
language sql immutable strict parallel safe
return regexp_replace(lower(regexp_replace(path, '^.*/', '')), '[0-9]+', '#', 'g');
comment on function homeroom.name_family(text) is
    'A file''s name without its folder, small letters, each run of digits one #: att_2025-11-03.csv is att_#-#-#.csv';

create index run_name_family on homeroom.run (source, homeroom.name_family(path), run_id)
where status = 'loaded';

create table homeroom.reading (
    source       text collate "C" not null,
    name_family  text collate "C" not null,
    given        jsonb not null,
    run_id       bigint not null,
    given_at     timestamptz not null default now(),
    constraint reading_key primary key (source, name_family)
);
comment on table homeroom.reading is
    'What people said of how files are written; it holds for later files of the same source and name';
comment on column homeroom.reading.source is 'Folder the files come from';
comment on column homeroom.reading.name_family is 'Their name: see homeroom.name_family()';
comment on column homeroom.reading.given is 'Delimiter, quote, encoding, lines above and of the header: what was said';
comment on column homeroom.reading.run_id is 'Run whose command said it';
comment on column homeroom.reading.given_at is 'When that was';
