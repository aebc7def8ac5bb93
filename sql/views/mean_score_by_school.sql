-- mean_score_by_school: mean scale score of each assessment, subject and window.
-- Grain:   one row per school, school_year, assessment_id, subject, window and score_type. Results
--          that name no school_id are told apart by the name of the school they give.
-- Units:   mean_score is in the assessment's own scale; mean_percentile is 0 to 100.
-- Rule:    overall results only (no domain, no objective) that have a score; suppressed and
--          missing scores are left out, they are not zero.
-- Privacy: groups of fewer students than setting.parameter min_group are hidden.
-- Reads:   data.assessment_results, data.schools, homeroom.run.  Readers: homeroom_reader.
create or replace view report.mean_score_by_school as
with score as (
    select
        r.school_id,
        case when r.school_id is null then r.school_name end as school_name,
        r.school_year,
        r.assessment_id,
        r.subject,
        r."window",
        r.score_type,
        count(distinct coalesce(r.student_id, r.state_student_id)) as num_students,
        avg(r.scale_score) as mean_score,
        avg(r.percentile) as mean_percentile,
        count(distinct coalesce(r.student_id, r.state_student_id)) >= max(p.value) as is_shown
    from data.assessment_results as r
    left join setting.parameter as p on p.name = 'min_group'
    where r.domain is null
        and r.objective is null
        and (r.scale_score is not null or r.percentile is not null)
    group by
        r.school_id,
        case when r.school_id is null then r.school_name end,
        r.school_year,
        r.assessment_id,
        r.subject,
        r."window",
        r.score_type
)
select
    s.school_id,
    coalesce(n.school_name, s.school_name) as school_name,
    s.school_year,
    s.assessment_id,
    s.subject,
    s."window",
    s.score_type,
    case when s.is_shown then s.num_students end as num_students,
    case when s.is_shown then round(s.mean_score, 2) end as mean_score,
    case when s.is_shown then round(s.mean_percentile, 2) end as mean_percentile,
    case when not s.is_shown then 'too few students' end as hidden_reason,
    (
        select max(r.finished_at)
        from homeroom.run as r
        where r.dataset = 'assessment_results'
            and r.status = 'loaded'
    ) as data_as_of
from score as s
left join data.schools as n on n.school_id = s.school_id;

grant select on report.mean_score_by_school to homeroom_reader;
comment on view report.mean_score_by_school is
    'Mean score of each assessment, subject and window, by school and year';
comment on column report.mean_score_by_school.school_id is 'School; null when the file names none';
comment on column report.mean_score_by_school.school_name is 'Its name';
comment on column report.mean_score_by_school.school_year is 'Year the school year ends in';
comment on column report.mean_score_by_school.assessment_id is 'Assessment';
comment on column report.mean_score_by_school.subject is 'Subject';
comment on column report.mean_score_by_school."window" is 'Beginning, middle or end of the year';
comment on column report.mean_score_by_school.score_type is 'Kind of score, where the file has several';
comment on column report.mean_score_by_school.num_students is 'Students with a score';
comment on column report.mean_score_by_school.mean_score is 'Mean scale score of their results';
comment on column report.mean_score_by_school.mean_percentile is 'Mean percentile of their results';
comment on column report.mean_score_by_school.hidden_reason is
    'Why the figures are not shown; null when they are';
comment on column report.mean_score_by_school.data_as_of is 'When assessments were loaded last';
