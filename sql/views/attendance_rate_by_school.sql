-- attendance_rate_by_school: share of school days attended.
-- Grain:   one row per school_id and school_year.
-- Units:   attendance_rate is a fraction, 0 to 1: days present / days expected. NULL when no day
--          is known, and when hidden. Days of unknown status are in neither sum.
-- Privacy: schools with fewer students than setting.parameter min_group are hidden.
-- Reads:   mart.attendance_by_student, data.schools, homeroom.run.  Readers: homeroom_reader.
create or replace view report.attendance_rate_by_school as
with school as (
    select
        a.school_id,
        a.school_year,
        count(*) filter (where a.member_days > 0) as num_students,
        sum(a.member_days) as member_days,
        sum(a.absent_days) as absent_days,
        sum(a.unknown_days) as unknown_days,
        count(*) filter (where a.member_days > 0) >= max(p.value) as is_shown
    from mart.attendance_by_student as a
    left join setting.parameter as p on p.name = 'min_group'
    group by
        a.school_id,
        a.school_year
)
select
    s.school_id,
    n.school_name,
    s.school_year,
    case when s.is_shown then s.num_students end as num_students,
    case when s.is_shown then s.member_days end as member_days,
    case when s.is_shown then s.absent_days end as absent_days,
    case when s.is_shown then s.unknown_days end as unknown_days,
    case
        when s.is_shown then round((s.member_days - s.absent_days) / nullif(s.member_days, 0), 4)
    end as attendance_rate,
    case when not s.is_shown then 'too few students' end as hidden_reason,
    (
        select max(r.finished_at)
        from homeroom.run as r
        where r.dataset = 'attendance_daily'
            and r.status = 'loaded'
    ) as data_as_of
from school as s
left join data.schools as n on n.school_id = s.school_id;

grant select on report.attendance_rate_by_school to homeroom_reader;
comment on view report.attendance_rate_by_school is
    'Share of school days attended, by school and year';
comment on column report.attendance_rate_by_school.school_id is 'School';
comment on column report.attendance_rate_by_school.school_name is 'Its name';
comment on column report.attendance_rate_by_school.school_year is 'Year the school year ends in';
comment on column report.attendance_rate_by_school.num_students is
    'Students expected on at least one day of known status';
comment on column report.attendance_rate_by_school.member_days is 'Days expected, of all students';
comment on column report.attendance_rate_by_school.absent_days is 'Days missed, of all students';
comment on column report.attendance_rate_by_school.unknown_days is
    'Days of unknown status: in no sum';
comment on column report.attendance_rate_by_school.attendance_rate is
    'Days present / days expected, 0 to 1';
comment on column report.attendance_rate_by_school.hidden_reason is
    'Why the figures are not shown; null when they are';
comment on column report.attendance_rate_by_school.data_as_of is 'When attendance was loaded last';
