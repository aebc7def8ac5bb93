-- chronic_absence_by_school: share of students who missed a tenth of their days or more.
-- Grain:   one row per school_id and school_year.
-- Units:   chronic_rate is a fraction, 0 to 1: chronic_students / num_students. NULL when hidden,
--          and when no student was enrolled long enough.
-- Rule:    absent / expected >= setting chronic_absence_threshold (exactly 90.0 % attendance is
--          chronic); students expected on fewer days than chronic_absence_min_days are left out;
--          who left counts; each school by its own days. Source: EDFacts FS195.
-- Privacy: schools with fewer students than setting.parameter min_group are hidden.
-- Reads:   mart.attendance_by_student, data.schools, homeroom.run.  Readers: homeroom_reader.
create or replace view report.chronic_absence_by_school as
with rule as (
    select
        max(p.value) filter (where p.name = 'chronic_absence_threshold') as threshold,
        max(p.value) filter (where p.name = 'chronic_absence_min_days') as min_days,
        max(p.value) filter (where p.name = 'min_group') as min_group
    from setting.parameter as p
),
school as (
    select
        a.school_id,
        a.school_year,
        count(*) as num_students,
        count(*) filter (where a.absent_days >= r.threshold * a.member_days) as chronic_students,
        count(*) >= max(r.min_group) as is_shown
    from mart.attendance_by_student as a
    cross join rule as r
    where a.member_days >= r.min_days
        and a.member_days > 0
    group by
        a.school_id,
        a.school_year
)
select
    s.school_id,
    n.school_name,
    s.school_year,
    case when s.is_shown then s.num_students end as num_students,
    case when s.is_shown then s.chronic_students end as chronic_students,
    case when s.is_shown then round(s.chronic_students::numeric / s.num_students, 4) end
        as chronic_rate,
    case when not s.is_shown then 'too few students' end as hidden_reason,
    (
        select max(r.finished_at)
        from homeroom.run as r
        where r.dataset = 'attendance_daily'
            and r.status = 'loaded'
    ) as data_as_of
from school as s
left join data.schools as n on n.school_id = s.school_id;

grant select on report.chronic_absence_by_school to homeroom_reader;
comment on view report.chronic_absence_by_school is
    'Students who missed a tenth of their days or more, by school and year';
comment on column report.chronic_absence_by_school.school_id is 'School';
comment on column report.chronic_absence_by_school.school_name is 'Its name';
comment on column report.chronic_absence_by_school.school_year is 'Year the school year ends in';
comment on column report.chronic_absence_by_school.num_students is
    'Students enrolled long enough to be judged';
comment on column report.chronic_absence_by_school.chronic_students is
    'Those of them who are chronically absent';
comment on column report.chronic_absence_by_school.chronic_rate is
    'chronic_students / num_students, 0 to 1';
comment on column report.chronic_absence_by_school.hidden_reason is
    'Why the figures are not shown; null when they are';
comment on column report.chronic_absence_by_school.data_as_of is 'When attendance was loaded last';
