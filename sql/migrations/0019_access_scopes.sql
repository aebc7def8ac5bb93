-- Who may see what, part 3: scopes. They are worked out from the rosters and the permits each time a
-- statement asks, once a statement: who leaves the roster has nothing left from that commit on, and
-- no table of scopes can be out of date. One definition of each scope serves the policies, and the
-- question who may see a student.

set local role homeroom_owner;
set local check_function_bodies = off;

create function access.today() returns date
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        (select s.value::date from access.setting as s where s.name = 'today'),
        (now() at time zone (select s.value from access.setting as s where s.name = 'zone'))::date);
end $$;
comment on function access.today() is
    'The day it is in access.setting zone; or the setting today, for tests and demonstrations';

create function access.school_year() returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    today date := access.today();
begin
    return extract(year from today)::bigint + case
        when extract(month from today)
            >= (select s.value::integer from access.setting as s where s.name = 'first_month') then 1
        else 0
    end;
end $$;
comment on function access.school_year() is 'The year in which the current school year ends';

create function access.grade_rank(grade text) returns integer
language sql immutable parallel safe
as $$
    select pg_catalog.array_position(
        array['IT', 'PR', 'PK', 'TK', 'KG', '01', '02', '03', '04', '05', '06', '07', '08', '09',
            '10', '11', '12', '13'], grade)
$$;
comment on function access.grade_rank(text) is 'Order of the grades; null for what is none';

-- People. Set-returning functions of this file that are not security definer are put into the place
-- of their calls by the planner; they are for the owner's functions only.
create function access.staff_member()
returns table (email text, staff_id text, login_name text, school_id text)
language sql stable
as $$
    select lower(s.email), s.staff_id, lower(s.login_name), s.school_id
    from data.staff as s
    where s.email is not null
        and coalesce(s.status, 'active') = 'active'
$$;
comment on function access.staff_member() is 'Staff who work now and have an e-mail';

create function access.is_live(of_email text) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return of_email is not null and (
        exists (
            select
            from access.outsider as o
            where o.email = of_email
                and (o.ends_at is null or o.ends_at > clock_timestamp())
        )
        or exists (
            select
            from access.staff_member() as m
            where m.email = of_email
        )
    );
end $$;
comment on function access.is_live(text) is
    'Whether somebody of this e-mail works here, or is an outsider whose time has not ended';

create function access.people_named(name text) returns table (email text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select o.email::text
    from access.outsider as o
    where o.email = lower(people_named.name)
        and (o.ends_at is null or o.ends_at > clock_timestamp())
    union
    select m.email
    from access.staff_member() as m
    where lower(people_named.name) in (m.email, m.login_name);
end $$;
comment on function access.people_named(text) is 'People with this e-mail or login name';

create function access.live_permit() returns setof access.permit
language sql stable
as $$
    select p.*
    from access.permit as p
    where p.revoked_at is null
        and (p.ends_at is null or p.ends_at > clock_timestamp())
        and access.is_live(p.email)
$$;
comment on function access.live_permit() is 'Permits that stand, of people who are here';

-- Students now in a school. The school is a parameter, so that an index finds them.
create function access.enrolled(of_school text) returns table (student_id text, grade_level text)
language sql stable
as $$
    select e.student_id, e.grade_level
    from data.enrollments as e
    where e.school_id = of_school
        and e.school_year = (select access.school_year())
        and (e.entry_date is null or e.entry_date <= (select access.today()))
        and (e.exit_date is null or e.exit_date >= (select access.today()))
        and coalesce(e.exit_type, '') not in ('no_show', 'invalid_enrollment')
        and coalesce(e.enrollment_status, '') not in ('no_show', 'to_be_deleted')
    union all
    select s.student_id, s.grade_level
    from data.students as s
    where s.school_id = of_school
        and coalesce(s.enrollment_status, 'active') = 'active'
        and not exists (
            select
            from data.enrollments as e
            where e.school_year = (select access.school_year())
                and e.student_id = s.student_id
        )
$$;
comment on function access.enrolled(text) is
    'Students in the school today, by the enrolments of the year; of who has none, as data.students says';

-- Sections taught now: by the roster of the teachers, by the section itself, by a permit.
create function access.assignment()
returns table (email text, school_id text, course_id text, section_id text, term_code text, via text)
language sql stable
as $$
    select m.email, a.school_id, a.course_id, a.section_id, a.term_code, 'roster'
    from access.staff_member() as m
    join data.staff_sections as a on a.staff_id = m.staff_id
    where a.school_year = (select access.school_year())
        and (a.begin_date is null or a.begin_date <= (select access.today()))
        and (a.end_date is null or a.end_date >= (select access.today()))
    union all
    select m.email, a.school_id, a.course_id, a.section_id, a.term_code, 'roster'
    from access.staff_member() as m
    join data.staff_sections as a on lower(a.login_name) in (m.login_name, m.email)
    where a.staff_id is null
        and a.school_year = (select access.school_year())
        and (a.begin_date is null or a.begin_date <= (select access.today()))
        and (a.end_date is null or a.end_date >= (select access.today()))
    union all
    select m.email, n.school_id, n.course_id, n.section_id, n.term_code, 'section'
    from access.staff_member() as m
    join data.sections as n on n.teacher_id = m.staff_id
    where n.school_year = (select access.school_year())
    union all
    select p.email, p.school_id, null, p.section_id, null, 'permit ' || p.permit_id
    from access.live_permit() as p
    where p.role = 'teacher'
$$;
comment on function access.assignment() is 'Who teaches which section this school year, and how we know';

-- A section may be known by its number alone, or only within its school, course and term: what both
-- sides say must agree. A term that is over, or has not begun, gives nothing.
create function access.current_assignment()
returns table (email text, school_id text, course_id text, section_id text, term_code text, via text)
language sql stable
as $$
    select a.email, coalesce(a.school_id, n.school_id), coalesce(a.course_id, n.course_id),
        a.section_id, a.term_code, a.via
    from access.assignment() as a
    cross join lateral (
        select
            case when count(distinct s.school_id) = 1 then min(s.school_id) end as school_id,
            case when count(distinct s.course_id) = 1 then min(s.course_id) end as course_id,
            coalesce(bool_or(
                coalesce(s.term_start <= (select access.today()), true)
                and coalesce(s.term_end >= (select access.today()), true)), true) as is_current
        from data.sections as s
        where s.school_year = (select access.school_year())
            and s.section_id = a.section_id
            and coalesce(s.school_id = a.school_id, true)
            and coalesce(s.course_id = a.course_id, true)
            and coalesce(s.term_code = a.term_code, true)
    ) as n
    where n.is_current
$$;
comment on function access.current_assignment() is 'Who teaches which section in the current term';

create function access.seat()
returns table (email text, student_id text, section_id text, course_id text, via text)
language sql stable
as $$
    select a.email, e.student_id, e.section_id, coalesce(e.course_id, a.course_id), a.via
    from access.current_assignment() as a
    join data.section_enrollments as e
        on e.school_year = (select access.school_year())
        and e.section_id = a.section_id
        and coalesce(e.school_id = a.school_id, true)
        and coalesce(e.course_id = a.course_id, true)
        and coalesce(e.term_code = a.term_code, true)
    where (e.begin_date is null or e.begin_date <= (select access.today()))
        and (e.end_date is null or e.end_date >= (select access.today()))
$$;
comment on function access.seat() is 'Students in the sections that somebody teaches, today';

create function access.caseload() returns table (email text, student_id text, via text)
language sql stable
as $$
    select m.email, s.student_id, 'data.students'
    from access.staff_member() as m
    join data.students as s on lower(s.counselor) in (lower(m.staff_id), m.login_name, m.email)
    where coalesce(s.enrollment_status, 'active') = 'active'
    union all
    select m.email, e.student_id, 'data.enrollments'
    from access.staff_member() as m
    join data.enrollments as e on lower(e.counselor) in (lower(m.staff_id), m.login_name, m.email)
    where e.school_year = (select access.school_year())
        and (e.entry_date is null or e.entry_date <= (select access.today()))
        and (e.exit_date is null or e.exit_date >= (select access.today()))
    union all
    select p.email, p.student_id, 'permit ' || p.permit_id
    from access.live_permit() as p
    where p.role = 'counselor'
        and p.student_id is not null
    union all
    select p.email, e.student_id, 'permit ' || p.permit_id
    from access.live_permit() as p
    cross join lateral access.enrolled(p.school_id) as e
    where p.role = 'counselor'
        and (p.from_grade is null or access.grade_rank(e.grade_level)
            between access.grade_rank(p.from_grade) and access.grade_rank(p.to_grade))
$$;
comment on function access.caseload() is
    'Students that a counselor has: named with the student by number, login name or e-mail, or permitted';

create function access.school_seat() returns table (email text, student_id text, via text)
language sql stable
as $$
    select p.email, e.student_id, 'permit ' || p.permit_id
    from access.live_permit() as p
    cross join lateral access.enrolled(p.school_id) as e
    where p.role = 'principal'
        and (p.from_grade is null or access.grade_rank(e.grade_level)
            between access.grade_rank(p.from_grade) and access.grade_rank(p.to_grade))
$$;
comment on function access.school_seat() is 'Students now in the school, or the grades, of a principal';

-- What policies ask, of the viewer. Each is evaluated once a statement: (select access.f()).
create function access.has_role(variadic roles text[]) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    me text := access.viewer();
begin
    return me is not null and exists (
        select
        from access.live_permit() as p
        where p.email = me
            and p.role = any (roles)
    );
end $$;
comment on function access.has_role(text[]) is 'Whether the viewer was permitted one of these roles';

create function access.is_known() returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select access.viewer() is not null
$$;
comment on function access.is_known() is 'Whether somebody is signed in';

-- Immutable is not what it is: so it is asked while the statement is planned, and where nobody is
-- signed in no row is touched and nothing estimated. Plans that are kept still ask the rest each time.
create function access.require_viewer() returns boolean
language plpgsql immutable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if access.viewer() is null then
        raise exception 'nobody is signed in'
            using errcode = 'insufficient_privilege', hint = 'select * from access.sign_in(TOKEN)';
    end if;
    return true;
end $$;
comment on function access.require_viewer() is
    'Ends a statement on students'' rows before it is planned where nobody is signed in';

create function access.own_staff_ids() returns setof text
language plpgsql stable security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
    me text := access.viewer();
begin
    return query
    select m.staff_id
    from access.staff_member() as m
    where m.email = me
        and m.staff_id is not null;
end $$;
comment on function access.own_staff_ids() is 'Numbers of the viewer in data.staff';

create function access.own_schools() returns text[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    me text := access.viewer();
begin
    return array(
        select distinct p.school_id
        from access.live_permit() as p
        where p.email = me
            and p.role = 'principal'
            and p.from_grade is null
    );
end $$;
comment on function access.own_schools() is 'Schools whose rows the viewer sees, as their principal';

create function access.school_students() returns setof text
language plpgsql stable security definer rows 2000
set search_path = pg_catalog, pg_temp
as $$
declare
    me text := access.viewer();
begin
    return query
    select s.student_id
    from access.school_seat() as s
    where s.email = me
        and s.student_id is not null;
end $$;
comment on function access.school_students() is 'Students now in the viewer''s school';

create function access.case_students() returns setof text
language plpgsql stable security definer rows 300
set search_path = pg_catalog, pg_temp
as $$
declare
    me text := access.viewer();
begin
    return query
    select c.student_id
    from access.caseload() as c
    where c.email = me
        and c.student_id is not null;
end $$;
comment on function access.case_students() is 'The viewer''s caseload';

create function access.class_seats() returns table (student_id text, section_id text, course_id text)
language plpgsql stable security definer rows 200
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    me text := access.viewer();
begin
    return query
    select distinct s.student_id, s.section_id, s.course_id
    from access.seat() as s
    where s.email = me;
end $$;
comment on function access.class_seats() is 'Students in the sections that the viewer teaches now';

create function access.class_students() returns setof text
language sql stable security definer rows 200
set search_path = pg_catalog, pg_temp
as $$
    select distinct s.student_id
    from access.class_seats() as s
$$;
comment on function access.class_students() is 'Students whom the viewer teaches now';

create function access.class_list() returns text[]
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select array(select access.class_students())
$$;
comment on function access.class_list() is
    'Students whom the viewer teaches now, as an array: an index can be asked for each';

create function access.class_sections() returns setof text
language plpgsql stable security definer rows 6
set search_path = pg_catalog, pg_temp
as $$
declare
    me text := access.viewer();
begin
    return query
    select a.section_id
    from access.current_assignment() as a
    where a.email = me;
end $$;
comment on function access.class_sections() is 'Sections that the viewer teaches now';

create function access.year_incidents() returns setof text
language plpgsql stable security definer rows 10000
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select i.incident_id
    from data.discipline_incidents as i
    where i.school_year = access.school_year();
end $$;
comment on function access.year_incidents() is 'Incidents of the current school year';

-- Who may see a student, or a school; for the command line and for who looks after rights.
create function access.who(of_student text default null, of_school text default null)
returns table (email text, role text, via text, ends_at timestamptz)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select p.email::text, p.role::text, 'permit ' || p.permit_id, p.ends_at
    from access.live_permit() as p
    where p.role = 'district_admin'
        or (p.role = 'principal' and p.school_id = of_school)
        or (p.role = 'counselor' and p.school_id = of_school and p.from_grade is null)
    union
    select s.email, 'principal', s.via, p.ends_at
    from access.school_seat() as s
    left join access.permit as p on 'permit ' || p.permit_id = s.via
    where s.student_id = of_student
    union
    select c.email, 'counselor', c.via, p.ends_at
    from access.caseload() as c
    left join access.permit as p on 'permit ' || p.permit_id = c.via
    where c.student_id = of_student
    union
    select t.email, 'teacher', t.via || ', section ' || t.section_id, p.ends_at
    from access.seat() as t
    left join access.permit as p on 'permit ' || p.permit_id = t.via
    where t.student_id = of_student
    union
    select a.email, 'teacher', a.via || ', section ' || a.section_id, null
    from access.current_assignment() as a
    where a.school_id = of_school
    order by 2, 1, 3;
end $$;
comment on function access.who(text, text) is
    'People who may see the student, or students of the school, as what, and how we know';
