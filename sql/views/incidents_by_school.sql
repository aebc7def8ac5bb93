-- incidents_by_school: behaviour incidents for each hundred students.
-- Grain:   one row per school_id and school_year that has enrolled students.
-- Units:   incidents_per_100 = num_incidents / num_students * 100. NULL when no incident of any
--          school is loaded for the year: no file is not no incident.
-- Rule:    an incident counts once, when somebody took part as perpetrator, or when nothing says
--          how anybody took part; victims, witnesses and reporters alone make none. Students
--          count who were enrolled on any day of the year; no-shows do not.
-- Privacy: schools with fewer students than setting.parameter min_group are hidden.
-- Reads:   data.discipline_incidents, data.incident_students, data.enrollments, data.schools,
--          homeroom.run.  Readers: homeroom_reader.
create or replace view report.incidents_by_school as
with participant as (
    select
        i.school_year,
        i.school_id,
        i.incident_id,
        i.participation
    from data.discipline_incidents as i
    union all
    select
        i.school_year,
        i.school_id,
        i.incident_id,
        p.participation
    from data.discipline_incidents as i
    join data.incident_students as p
        on p.incident_id = i.incident_id
        and (p.school_id is null or i.school_id is null or p.school_id = i.school_id)
),
incident as (
    select
        p.school_year,
        p.school_id,
        p.incident_id
    from participant as p
    group by
        p.school_year,
        p.school_id,
        p.incident_id
    having bool_or(p.participation = 'perpetrator')
        or not bool_or(p.participation is not null)
),
incident_count as (
    select
        i.school_year,
        i.school_id,
        count(*) as num_incidents
    from incident as i
    group by
        i.school_year,
        i.school_id
),
school as (
    select
        e.school_id,
        e.school_year,
        count(distinct e.student_id) as num_students,
        count(distinct e.student_id) >= max(p.value) as is_shown
    from data.enrollments as e
    left join setting.parameter as p on p.name = 'min_group'
    where coalesce(e.exit_type, '') not in ('no_show', 'invalid_enrollment')
        and coalesce(e.enrollment_status, '') not in ('no_show', 'pre_registered', 'to_be_deleted')
    group by
        e.school_id,
        e.school_year
),
figure as (
    select
        s.school_id,
        s.school_year,
        s.num_students,
        s.is_shown,
        case
            when s.school_year in (select y.school_year from data.discipline_incidents as y)
                then coalesce(c.num_incidents, 0)
        end as num_incidents
    from school as s
    left join incident_count as c
        on c.school_id = s.school_id
        and c.school_year = s.school_year
)
select
    f.school_id,
    n.school_name,
    f.school_year,
    case when f.is_shown then f.num_students end as num_students,
    case when f.is_shown then f.num_incidents end as num_incidents,
    case when f.is_shown then round(f.num_incidents * 100.0 / f.num_students, 2) end
        as incidents_per_100,
    case when not f.is_shown then 'too few students' end as hidden_reason,
    (
        select max(r.finished_at)
        from homeroom.run as r
        where r.dataset = 'discipline_incidents'
            and r.status = 'loaded'
    ) as data_as_of
from figure as f
left join data.schools as n on n.school_id = f.school_id;

grant select on report.incidents_by_school to homeroom_reader;
comment on view report.incidents_by_school is
    'Behaviour incidents for each hundred students, by school and year';
comment on column report.incidents_by_school.school_id is 'School';
comment on column report.incidents_by_school.school_name is 'Its name';
comment on column report.incidents_by_school.school_year is 'Year the school year ends in';
comment on column report.incidents_by_school.num_students is 'Students enrolled on any day';
comment on column report.incidents_by_school.num_incidents is
    'Incidents with a perpetrator; null when no incidents are loaded for the year';
comment on column report.incidents_by_school.incidents_per_100 is
    'Incidents for each hundred students';
comment on column report.incidents_by_school.hidden_reason is
    'Why the figures are not shown; null when they are';
comment on column report.incidents_by_school.data_as_of is 'When incidents were loaded last';
