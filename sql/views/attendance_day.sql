-- attendance_day: the days students were expected in school, and how much of each they missed.
-- Grain:   one row per student_id, school_id and date.
-- Units:   member_days and absent_days are shares of a day, 0 to 1; absent_days is NULL when the
--          file does not say what the day was: such a day belongs in no rate.
-- Privacy: rows of students. For the views below only; nobody but homeroom_owner reads it.
-- Reads:   data.attendance_daily, data.calendar, data.enrollments, setting.attendance_status.
-- A school's file either has a row for every student and day, or lists exceptions only. Without
-- one plain "present" in a whole year it is the second kind: then a day of the calendar inside a
-- stint and up to the newest row of the file is a day present, unless a row says otherwise.
-- Needs the calendar (a row without school is for all schools) and the enrolments; without a
-- calendar only the days listed count.
create or replace view mart.attendance_day as
with exception_file as (
    select
        a.school_id,
        a.school_year,
        max(a.date) as last_date
    from data.attendance_daily as a
    group by
        a.school_id,
        a.school_year
    having not bool_or(
            coalesce(a.status in ('present', 'remote_present'), false)
            or (
                a.status is null
                and a.is_absent is false
                and a.is_tardy is not true
                and a.is_dismissed_early is not true
            )
        )
        and exists (
            select
            from data.calendar as c
            where coalesce(c.school_id, a.school_id) = a.school_id
                and c.school_year = a.school_year
                and c.is_instructional_day
        )
),
exception_day as (
    select
        e.student_id,
        e.school_id,
        e.school_year,
        c.date,
        max(coalesce(c.day_weight, 1)) as member_days
    from exception_file as f
    join data.calendar as c
        on coalesce(c.school_id, f.school_id) = f.school_id
        and c.school_year = f.school_year
        and c.is_instructional_day
        and c.date <= f.last_date
    join data.enrollments as e
        on e.school_id = f.school_id
        and e.school_year = f.school_year
        and c.date >= e.entry_date
        and c.date <= coalesce(e.exit_date, 'infinity')
    where coalesce(e.exit_type, '') not in ('no_show', 'invalid_enrollment')
        and coalesce(e.enrollment_status, '') not in ('no_show', 'pre_registered', 'to_be_deleted')
    group by
        e.student_id,
        e.school_id,
        e.school_year,
        c.date
)
select
    a.student_id,
    a.school_id,
    a.school_year,
    a.date,
    1::numeric as member_days,
    coalesce(
        a.absent_fraction,
        s.absent_days,
        case
            when a.is_absent then 1
            when not a.is_absent or a.is_tardy or a.is_dismissed_early then 0
        end
    ) as absent_days
from data.attendance_daily as a
left join setting.attendance_status as s on s.status = a.status
where s.is_membership is not false
    and not exists (
        select
        from exception_file as f
        where f.school_id = a.school_id
            and f.school_year = a.school_year
    )
union all
select
    d.student_id,
    d.school_id,
    d.school_year,
    d.date,
    d.member_days,
    d.member_days * case
        when a.student_id is null then 0
        else coalesce(
            a.absent_fraction,
            s.absent_days,
            case
                when a.is_absent then 1
                when not a.is_absent or a.is_tardy or a.is_dismissed_early then 0
            end
        )
    end
from exception_day as d
left join data.attendance_daily as a
    on a.student_id = d.student_id
    and a.school_id = d.school_id
    and a.school_year = d.school_year
    and a.date = d.date
left join setting.attendance_status as s on s.status = a.status
where s.is_membership is not false;

comment on view mart.attendance_day is
    'Days students were expected in school, and how much of each they missed';
comment on column mart.attendance_day.student_id is 'Student';
comment on column mart.attendance_day.school_id is 'School';
comment on column mart.attendance_day.school_year is 'Year the school year ends in';
comment on column mart.attendance_day.date is 'Day';
comment on column mart.attendance_day.member_days is 'Share of a day the student was expected';
comment on column mart.attendance_day.absent_days is 'Share of a day missed; null when not known';
