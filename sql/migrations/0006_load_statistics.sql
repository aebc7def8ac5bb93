-- What each loaded file counted, so that the next one of its kind can be judged by it.

set local role homeroom_owner;

create table homeroom.load_volume (
    run_id    bigint not null,
    source    text collate "C" not null,
    dataset   text collate "C" not null,
    family    text collate "C" not null,
    day       date,
    num_days  integer not null,
    num_rows  bigint not null,
    constraint load_volume_key primary key (run_id),
    constraint load_volume_run foreign key (run_id) references homeroom.run (run_id)
        deferrable initially deferred,
    constraint load_volume_counts check (num_days > 0 and num_rows >= 0)
);
create index load_volume_by_kind on homeroom.load_volume (source, dataset, family, run_id);
comment on table homeroom.load_volume is 'Rows of the files that were loaded, by kind of file';
comment on column homeroom.load_volume.run_id is 'The run';
comment on column homeroom.load_volume.source is 'Folder the file came from';
comment on column homeroom.load_volume.dataset is 'Data set';
comment on column homeroom.load_volume.family is
    'What files of one kind share: name with each run of digits as #, and the school of the slot';
comment on column homeroom.load_volume.day is
    'Day that the file is about, from its rows or its name; null when it is about several or none';
comment on column homeroom.load_volume.num_days is
    'Weekdays from the first to the last day of its rows; 1 when they have no day';
comment on column homeroom.load_volume.num_rows is 'Rows read, without lines that are no rows';

create table homeroom.column_statistic (
    run_id       bigint not null,
    column_name  text collate "C" not null,
    num_rows     bigint not null,
    num_nulls    bigint not null,
    edges        jsonb,
    counts       jsonb,
    constraint column_statistic_key primary key (run_id, column_name),
    constraint column_statistic_run foreign key (run_id) references homeroom.run (run_id)
        deferrable initially deferred,
    constraint column_statistic_counts check (num_nulls between 0 and num_rows)
);
comment on table homeroom.column_statistic is
    'How a column of a loaded file was filled: empty cells, codes of a list, numbers by bins';
comment on column homeroom.column_statistic.run_id is 'The run';
comment on column homeroom.column_statistic.column_name is 'Column of the data set';
comment on column homeroom.column_statistic.num_rows is 'Rows';
comment on column homeroom.column_statistic.num_nulls is
    'Rows without a value; suppressed ones have a value';
comment on column homeroom.column_statistic.edges is
    'Lower bounds of the bins from the second on, for numbers; null else';
comment on column homeroom.column_statistic.counts is
    'Values by code, or by number of the bin, of a sample where the file is large; null where none are counted';
