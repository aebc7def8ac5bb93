-- Parameters of the figures, with the values they have until a district changes them.

set local role homeroom_owner;

create table setting.parameter (
    name         text collate "C" not null,
    value        numeric not null,
    unit         text not null,
    description  text not null,
    constraint parameter_key primary key (name)
);
comment on table setting.parameter is 'Thresholds that the report views follow';
comment on column setting.parameter.name is 'Name the views use';
comment on column setting.parameter.value is 'The value in force';
comment on column setting.parameter.unit is 'What it is measured in';
comment on column setting.parameter.description is 'What it decides';

insert into setting.parameter (name, value, unit, description)
values
    ('min_group', 10, 'students',
        'Figures of fewer students are hidden'),
    ('chronic_absence_threshold', 0.10, 'fraction',
        'Share of enrolled days missed from which a student is chronically absent'),
    ('chronic_absence_min_days', 10, 'days',
        'Students enrolled for fewer days are left out of chronic absence');

create table setting.attendance_status (
    status         text collate "C" not null,
    absent_days    numeric,
    is_membership  boolean not null,
    constraint attendance_status_key primary key (status),
    constraint attendance_status_share check (absent_days between 0 and 1),
    constraint attendance_status_counts check (is_membership = (absent_days is not null))
);
comment on table setting.attendance_status is
    'What a day with each attendance status counts; a status that is not here is left out of every rate';
comment on column setting.attendance_status.status is 'Code of the contract''s list';
comment on column setting.attendance_status.absent_days is
    'Share of the day that counts as absent; null for a day outside membership';
comment on column setting.attendance_status.is_membership is
    'Whether the student was expected in school that day';

insert into setting.attendance_status (status, absent_days, is_membership)
values
    ('present', 0, true),
    ('remote_present', 0, true),
    ('tardy', 0, true),
    ('tardy_excused', 0, true),
    ('early_departure', 0, true),
    ('in_school_suspension', 0, true),
    ('partial', 0.5, true),
    ('absent', 1, true),
    ('absent_excused', 1, true),
    ('absent_unexcused', 1, true),
    ('out_of_school_suspension', 1, true),
    ('not_in_membership', null, false);

grant select on setting.parameter to homeroom_reader;
grant select on setting.attendance_status to homeroom_reader;
