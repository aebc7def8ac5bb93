-- attendance_by_student: days each student was expected and missed, school by school.
-- Grain:   one row per student_id, school_id and school_year.
-- Units:   days. Days of which nothing is known are in unknown_days and in no other column.
-- Privacy: rows of students. For the views below only; nobody but homeroom_owner reads it.
-- Reads:   mart.attendance_day.
create or replace view mart.attendance_by_student as
select
    d.student_id,
    d.school_id,
    d.school_year,
    coalesce(sum(d.member_days) filter (where d.absent_days is not null), 0) as member_days,
    coalesce(sum(d.absent_days), 0) as absent_days,
    count(*) filter (where d.absent_days is null) as unknown_days
from mart.attendance_day as d
group by
    d.student_id,
    d.school_id,
    d.school_year;

comment on view mart.attendance_by_student is
    'Days each student was expected and missed, by school and year';
comment on column mart.attendance_by_student.student_id is 'Student';
comment on column mart.attendance_by_student.school_id is 'School';
comment on column mart.attendance_by_student.school_year is 'Year the school year ends in';
comment on column mart.attendance_by_student.member_days is 'Days expected in school';
comment on column mart.attendance_by_student.absent_days is 'Days missed';
comment on column mart.attendance_by_student.unknown_days is
    'Days whose status is missing or known to nobody';
