-- Files that came after a newer version of them: they do not fill their slot.

set local role homeroom_owner;

alter table homeroom.run
    add column gave_way_to bigint,
    add constraint run_gave_way_to foreign key (gave_way_to) references homeroom.run (run_id);
comment on column homeroom.run.gave_way_to is
    'Run of a newer version of the file, loaded before it: rows that both have were left as they '
    'were; null for all other files';
