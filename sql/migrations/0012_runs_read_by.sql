-- What a file was read by, all of it: bytes that were loaded are known again without reading them as
-- a table once more.

set local role homeroom_owner;

alter table homeroom.run add column read_by text collate "C" not null default '';
comment on column homeroom.run.read_by is
    'Hash of everything that decides how the file is read: contracts, profiles, what was said, its name';
