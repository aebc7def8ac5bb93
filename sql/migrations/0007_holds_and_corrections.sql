-- What people decided: of files that are held, and of rows that are quarantined.

set local role homeroom_owner;

create table homeroom.hold_decision (
    run_id       bigint not null,
    decision     text not null,
    decided_by   text not null,
    decided_at   timestamptz not null default now(),
    released_as  bigint,
    constraint hold_decision_key primary key (run_id),
    constraint hold_decision_run foreign key (run_id) references homeroom.run (run_id),
    constraint hold_decision_known check (decision in ('released', 'refused'))
);
comment on table homeroom.hold_decision is 'What a person decided about a file that was held';
comment on column homeroom.hold_decision.run_id is 'Run that was held';
comment on column homeroom.hold_decision.decision is
    'released: loaded although a check said no; refused: these bytes are not taken from this source';
comment on column homeroom.hold_decision.decided_by is 'Who';
comment on column homeroom.hold_decision.decided_at is 'When';
comment on column homeroom.hold_decision.released_as is 'Run that loaded it';

create table homeroom.quarantine_file (
    run_id      bigint not null,
    object_key  text collate "C" not null,
    constraint quarantine_file_key primary key (run_id),
    constraint quarantine_file_run foreign key (run_id) references homeroom.run (run_id)
        deferrable initially deferred
);
create index quarantine_file_by_object on homeroom.quarantine_file (object_key);
comment on table homeroom.quarantine_file is 'Where the quarantined rows of a run are kept';
comment on column homeroom.quarantine_file.run_id is 'The run';
comment on column homeroom.quarantine_file.object_key is 'Object in the store';

create table homeroom.correction (
    correction_id    bigint generated always as identity,
    run_id           bigint not null,
    kind             text not null,
    path             text not null,
    sha256           text collate "C" not null,
    made_by          text not null,
    made_at          timestamptz not null default now(),
    num_fixed        bigint not null,
    num_quarantined  bigint not null,
    constraint correction_key primary key (correction_id),
    constraint correction_run foreign key (run_id) references homeroom.run (run_id),
    constraint correction_kind_known check (kind in ('fix', 'retry')),
    constraint correction_counts check (num_fixed > 0 and num_quarantined >= 0)
);
create index correction_by_run on homeroom.correction (run_id);
comment on table homeroom.correction is
    'Quarantined rows that a person sent again. The rows stay those of their run';
comment on column homeroom.correction.correction_id is 'Order of the corrections';
comment on column homeroom.correction.run_id is 'Run whose rows they are';
comment on column homeroom.correction.kind is
    'fix: cells were edited; retry: as they were, by the contracts of the day';
comment on column homeroom.correction.path is 'Corrected file as it was named to us; empty for a retry';
comment on column homeroom.correction.sha256 is 'SHA-256 of its bytes, in hex; empty for a retry';
comment on column homeroom.correction.made_by is 'Who';
comment on column homeroom.correction.made_at is 'When';
comment on column homeroom.correction.num_fixed is 'Rows that left the quarantine';
comment on column homeroom.correction.num_quarantined is 'Rows sent again that are still wrong';

create table homeroom.corrected_row (
    run_id         bigint not null,
    line           bigint not null,
    correction_id  bigint not null,
    constraint corrected_row_key primary key (run_id, line),
    constraint corrected_row_correction foreign key (correction_id)
        references homeroom.correction (correction_id)
);
comment on table homeroom.corrected_row is 'Quarantined rows that are no longer: each once';
comment on column homeroom.corrected_row.run_id is 'Run whose row it is';
comment on column homeroom.corrected_row.line is 'Its line in that run''s file';
comment on column homeroom.corrected_row.correction_id is 'Correction that took it out';
