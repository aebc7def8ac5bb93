-- Who may see what, part 4: policies, by the columns that a table has. access.protect(TABLE) puts
-- them on one table; Homeroom calls it in the transaction that makes or changes the table. Row
-- security is on and not forced: the owner, as whom loads act, passes by it (COPY FROM would be
-- refused otherwise). What no policy names, nobody sees.

set local role homeroom_owner;
set local check_function_bodies = off;

create table access.column_class (
    table_name      text collate "C" not null,
    column_name     text collate "C" not null,
    classification  text not null,
    kind            text not null,
    is_code         boolean not null,
    constraint column_class_key primary key (table_name, column_name)
);
comment on table access.column_class is
    'Columns of the contracts: a table that is not here fits none, and is for data stewards only';
comment on column access.column_class.table_name is 'Table in schema data';
comment on column access.column_class.column_name is 'Its column';
comment on column access.column_class.classification is 'public, confidential or restricted';
comment on column access.column_class.kind is 'What its values are: text, date, person_name, ...';
comment on column access.column_class.is_code is 'Whether it has codes of a list';

create table access.table_rule (
    table_name  text collate "C" not null,
    teacher     text collate "C" not null default 'year',
    is_for_all  boolean not null default false,
    reason      text not null,
    constraint table_rule_key primary key (table_name),
    constraint table_rule_teacher_known check (teacher in ('year', 'all', 'none'))
);
comment on table access.table_rule is 'Tables whose policies are not those that their columns say';
comment on column access.table_rule.table_name is 'Table in schema data or mart';
comment on column access.table_rule.teacher is
    'What teachers see of their students: year, rows of the current school year; all; none';
comment on column access.table_rule.is_for_all is 'Whether everybody who is signed in sees all rows';
comment on column access.table_rule.reason is 'Why';
insert into access.table_rule (table_name, teacher, is_for_all, reason)
values
    ('schools', 'all', true, 'names of schools are public'),
    ('courses', 'all', true, 'the catalogue of courses is public'),
    ('calendar', 'all', true, 'the calendar is public'),
    ('sections', 'all', true, 'who teaches which class is known in the school'),
    ('assessment_results', 'all', false, 'growth is read from earlier years'),
    ('student_demographics', 'none', false, 'meals, disability, homelessness: not a teacher''s to know'),
    ('student_identifiers', 'none', false, 'numbers of other systems say nothing about teaching'),
    ('student_gpa', 'none', false, 'it is made of other teachers'' marks');

create table access.protected (
    relation      oid not null,
    table_name    text collate "C" not null,
    signature     text collate "C" not null,
    num_policies  integer not null,
    made_at       timestamptz not null default now(),
    constraint protected_key primary key (relation)
);
comment on table access.protected is 'Tables as access.protect() left them';
comment on column access.protected.relation is 'The table''s oid';
comment on column access.protected.table_name is 'The table';
comment on column access.protected.signature is 'Hash of its policies and grants';
comment on column access.protected.num_policies is 'How many of Homeroom''s policies it then had';
comment on column access.protected.made_at is 'When';

create schema masked authorization homeroom_owner;
comment on schema masked is 'Tables of data without what tells who a student is, for data stewards';
create schema research authorization homeroom_owner;
comment on schema research is
    'Tables of data for research: pseudonyms, months for days, rare values left out';

create function access.has_columns(relation regclass, variadic names text[]) returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select count(*) = cardinality(names)
    from pg_attribute as a
    where a.attrelid = relation
        and a.attname = any (names)
        and a.attnum > 0
        and not a.attisdropped
$$;
comment on function access.has_columns(regclass, text[]) is 'Whether the table has all of these columns';

-- Conditions by role. A teacher's own login asks an index for each student; where other conditions
-- stand beside it (bi_reader) a hash is better, since no index helps then. Where nobody is signed in
-- the statement is not even planned: nothing is to be learnt from EXPLAIN or a clock.
create function access.conditions(relation regclass, place text, name text)
returns table (role text, condition text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
    rule access.table_rule;
    has_student boolean := access.has_columns(relation, 'student_id');
    has_school boolean := access.has_columns(relation, 'school_id');
    has_section boolean := access.has_columns(relation, 'section_id');
    has_year boolean := access.has_columns(relation, 'school_year');
    has_staff boolean := access.has_columns(relation, 'staff_id') and not has_student;
    own_staff text := 'staff_id in (select access.own_staff_ids())';
    roster text;
    teacher text;
    teacher_hashed text;
    counselor text;
    principal text;
    district text := '(select access.has_role(''district_admin''))';
begin
    if place in ('data', 'history') and not exists (
        select
        from access.column_class as c
        where c.table_name = name
    ) then
        return query values ('data_steward', '(select access.has_role(''data_steward''))');
        return;
    end if;
    select r.*
    into rule
    from access.table_rule as r
    where r.table_name = name;
    if rule.is_for_all or (place = 'mart' and name like 'published\_%') then
        return query
        select o.role, '(select access.is_known())'
        from unnest(array['teacher', 'counselor', 'principal', 'district_admin', 'bi_reader',
            'data_steward', 'researcher']) as o (role);
        return;
    end if;
    if place <> 'history' and coalesce(rule.teacher, 'year') <> 'none' then
        if has_student then
            teacher := 'student_id = any ((select access.class_list())::text[])';
            teacher_hashed := 'student_id in (select access.class_students())';
        elsif has_section then
            teacher := 'section_id in (select access.class_sections())';
            teacher_hashed := teacher;
        end if;
        if has_student and has_section and access.has_columns(relation, 'course_id') then
            roster := ' and ((student_id, section_id, course_id) in (select s.student_id, '
                's.section_id, s.course_id from access.class_seats() as s where s.course_id is not null) '
                'or (student_id, section_id) in (select s.student_id, s.section_id '
                'from access.class_seats() as s where s.course_id is null) '
                'or (course_id is null and (student_id, section_id) in (select s.student_id, '
                's.section_id from access.class_seats() as s)))';
        elsif has_student and has_section then
            roster := ' and (student_id, section_id) in (select s.student_id, s.section_id '
                'from access.class_seats() as s)';
        end if;
        roster := coalesce(roster, '') || case
            when coalesce(rule.teacher, 'year') = 'all' then ''
            when has_year then ' and school_year = (select access.school_year())'
            when access.has_columns(relation, 'incident_id')
                then ' and incident_id in (select access.year_incidents())'
            else ''
        end;
        teacher := teacher || roster;
        teacher_hashed := teacher_hashed || roster;
    end if;
    if has_student then
        counselor := 'student_id in (select access.case_students())';
    end if;
    principal := concat_ws(' or ',
        case when has_school then 'school_id = any ((select access.own_schools())::text[])' end,
        case when has_student then 'student_id in (select access.school_students())' end);
    if has_staff and place <> 'history' then
        teacher := concat_ws(' or ', own_staff, teacher);
        teacher_hashed := concat_ws(' or ', own_staff, teacher_hashed);
        counselor := concat_ws(' or ', own_staff, counselor);
    end if;
    return query
    select o.role, format('access.require_viewer() and (%s)', o.condition)
    from (values
        ('teacher', teacher),
        ('counselor', counselor),
        ('principal', nullif(principal, '')),
        ('district_admin', district),
        ('bi_reader', concat_ws(' or ', district, nullif(principal, ''), counselor,
            case when teacher_hashed is not null then '(' || teacher_hashed || ')' end))
    ) as o (role, condition)
    where o.condition is not null;
end $$;
comment on function access.conditions(regclass, text, text) is
    'Which rows of a table each role sees, by the columns it has';

create function access.hidden_from_teachers() returns text[]
language sql immutable parallel safe
as $$
    select array['state_student_id', 'birth_date', 'hispanic_latino', 'race_ethnicity',
        'race_american_indian', 'race_asian', 'race_black', 'race_pacific_islander', 'race_white',
        'primary_disability', 'meal_status', 'economically_disadvantaged', 'homeless', 'migrant',
        'foster_care', 'address', 'more_columns']
$$;
comment on function access.hidden_from_teachers() is
    'Columns that homeroom_teacher is not given, in whatever table of data they are';

create function access.role_grants(relation regclass, place text, role text) returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select case
        when role <> 'teacher' or place <> 'data' or count(*) filter (where h.is_hidden) = 0
            then format('grant select on %s to homeroom_%s', relation, role)
        else format('grant select (%s) on %s to homeroom_teacher',
            string_agg(quote_ident(a.attname), ', ' order by a.attnum) filter (where not h.is_hidden),
            relation)
    end
    from pg_attribute as a
    cross join lateral (
        select regexp_replace(a.attname, '_suppressed$', '') = any (access.hidden_from_teachers())
    ) as h (is_hidden)
    where a.attrelid = relation
        and a.attnum > 0
        and not a.attisdropped
$$;
comment on function access.role_grants(regclass, text, text) is 'The grant that opens the table for a role';

create function access.set_policies(relation regclass, conditions text[], roles text[], grants text[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    wanted text := md5(concat_ws('|', conditions, roles, grants));
    old text;
begin
    if exists (
        select
        from access.protected as p
        join pg_class as c on c.oid = p.relation
        where p.relation = set_policies.relation
            and p.table_name = set_policies.relation::text
            and p.signature = wanted
            and c.relrowsecurity
            and p.num_policies = (
                select count(*)
                from pg_policy as o
                where o.polrelid = p.relation
                    and o.polname like 'access\_%'
            )
    ) then
        return;
    end if;
    execute format('alter table %s enable row level security', relation);
    for old in
        select p.polname
        from pg_policy as p
        where p.polrelid = relation
            and p.polname like 'access\_%'
    loop
        execute format('drop policy %I on %s', old, relation);
    end loop;
    if exists (
        select
        from pg_class as c
        left join pg_attribute as a on a.attrelid = c.oid and a.attacl is not null
        where c.oid = relation
            and (c.relacl is not null or a.attnum is not null)
    ) then
        execute format('revoke all on %s from homeroom_teacher, homeroom_counselor, '
            'homeroom_principal, homeroom_district_admin, homeroom_data_steward, '
            'homeroom_researcher, homeroom_auditor, homeroom_security_admin, homeroom_bi_reader',
            relation);
    end if;
    for i in 1 .. coalesce(cardinality(roles), 0) loop
        execute format('create policy %I on %s for select to %I using (%s)',
            'access_' || roles[i], relation, 'homeroom_' || roles[i], conditions[i]);
        execute grants[i];
    end loop;
    delete from access.protected as p
    where p.relation = set_policies.relation
        or not exists (
            select
            from pg_class as c
            where c.oid = p.relation
        );
    insert into access.protected (relation, table_name, signature, num_policies)
    select
        relation,
        relation::text,
        wanted,
        count(*)
    from pg_policy as p
    where p.polrelid = relation
        and p.polname like 'access\_%';
end $$;
comment on function access.set_policies(regclass, text[], text[], text[]) is
    'Turns row security on and replaces the policies and grants of Homeroom''s roles, where they differ';

create function access.protect(relation regclass) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    place text;
    name text;
begin
    select n.nspname, c.relname
    into place, name
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.oid = relation
        and c.relkind in ('r', 'p');
    if name is null then
        raise exception '% is no table', relation;
    elsif place = 'parts' then
        execute format('alter table %s enable row level security', relation);
    elsif place in ('homeroom', 'access') then
        perform access.protect_ledger(relation, name);
    elsif place = 'report' then
        perform access.set_policies(relation, array['true'], array['reader'],
            array[format('grant select on %s to homeroom_reader', relation)]);
    else
        perform access.set_policies(
            relation,
            array_agg(c.condition order by c.role),
            array_agg(c.role order by c.role),
            array_agg(access.role_grants(relation, place, c.role) order by c.role))
        from access.conditions(relation, place, name) as c;
    end if;
end $$;
comment on function access.protect(regclass) is
    'Row security for a table, by its schema and columns. Of mart, tables named published_... are for '
    'everybody who is signed in. Call it in the transaction that makes or changes the table';

create function access.release_table(name text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    old record;
begin
    execute format('drop view if exists masked.%1$I, research.%1$I', name);
    for old in
        select p.polname, p.polrelid::regclass as relation
        from pg_policy as p
        where p.polrelid in (to_regclass(format('data.%I', name)), to_regclass(format('history.%I', name)))
            and p.polname like 'access\_%'
    loop
        execute format('drop policy %I on %s', old.polname, old.relation);
    end loop;
    delete from access.protected as p
    where p.relation in (to_regclass(format('data.%I', name)), to_regclass(format('history.%I', name)));
end $$;
comment on function access.release_table(text) is
    'Takes away what stands on the columns of data.TABLE and history.TABLE: nobody sees a row until '
    'access.protect_table() was called';

-- Indexes that scopes are looked up by.
create function access.index_scopes(name text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    wanted record;
begin
    for wanted in
        select i.columns, i.suffix, i.definition
        from (values
            ('students', array['school_id'], '__by_school', '(school_id)'),
            ('students', array['counselor'], '__by_counselor',
                '(lower(counselor)) where counselor is not null'),
            ('enrollments', array['school_year', 'school_id'], '__by_school',
                '(school_year, school_id)'),
            ('enrollments', array['counselor'], '__by_counselor',
                '(lower(counselor)) where counselor is not null'),
            ('section_enrollments', array['school_year', 'section_id'], '__by_section',
                '(school_year, section_id)'),
            ('sections', array['school_year', 'section_id'], '__by_section',
                '(school_year, section_id)'),
            ('sections', array['teacher_id'], '__by_teacher', '(teacher_id)'),
            ('staff', array['email'], '__by_email', '(lower(email))')
        ) as i (table_name, columns, suffix, definition)
        where i.table_name = name
    loop
        if access.has_columns(format('data.%I', name)::regclass, variadic wanted.columns) then
            execute format('create index if not exists %I on data.%I %s',
                name || wanted.suffix, name, wanted.definition);
        end if;
    end loop;
end $$;
comment on function access.index_scopes(text) is 'Indexes of the rosters by which access looks people up';

-- Estimates of a plan come from statistics over all rows. Of names and the like none are kept, so
-- that EXPLAIN does not tell how many students are called so.
create function access.keep_no_statistics(name text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    wanted record;
begin
    for wanted in
        select a.attrelid::regclass as relation, a.attname
        from pg_attribute as a
        join access.column_class as c on c.table_name = name and c.column_name = a.attname
        where a.attrelid in (
                to_regclass(format('data.%I', name)), to_regclass(format('history.%I', name)))
            and a.attstattarget <> 0
            and (c.kind in ('person_name', 'email', 'phone', 'postcode')
                or c.column_name in ('address', 'birth_date', 'state_student_id', 'comment',
                    'description', 'login_name', 'identifier'))
    loop
        execute format('alter table %s alter column %I set statistics 0', wanted.relation,
            wanted.attname);
    end loop;
end $$;
comment on function access.keep_no_statistics(text) is
    'Has ANALYZE pass by the columns that tell who somebody is';

create function access.protect_table(name text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if to_regclass(format('data.%I', name)) is null then
        return;
    end if;
    perform access.index_scopes(name);
    perform access.keep_no_statistics(name);
    perform access.protect(to_regclass(format('data.%I', name)));
    if to_regclass(format('history.%I', name)) is not null then
        perform access.protect(to_regclass(format('history.%I', name)));
    end if;
    perform access.make_views(name);
end $$;
comment on function access.protect_table(text) is
    'Policies of data.TABLE and history.TABLE, and their views in masked and research';

-- The contracts' word on columns; tables whose columns are said otherwise now are protected anew.
create function access.set_classes(wanted jsonb) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    name text;
    num_changed bigint := 0;
begin
    create temporary table access_wanted on commit drop as
    select w.table_name, w.column_name, w.classification, w.kind, w.is_code
    from jsonb_to_recordset(wanted) as w (
        table_name text, column_name text, classification text, kind text, is_code boolean
    );
    for name in
        select distinct d.table_name
        from (
            (select * from pg_temp.access_wanted except select * from access.column_class)
            union all
            (select * from access.column_class except select * from pg_temp.access_wanted)
        ) as d
    loop
        delete from access.column_class as c
        where c.table_name = name;
        insert into access.column_class (table_name, column_name, classification, kind, is_code)
        select w.table_name, w.column_name, w.classification, w.kind, w.is_code
        from pg_temp.access_wanted as w
        where w.table_name = name;
        perform access.protect_table(name);
        num_changed := num_changed + 1;
    end loop;
    drop table pg_temp.access_wanted;
    return num_changed;
end $$;
comment on function access.set_classes(jsonb) is
    'Keeps how the contracts classify columns, and protects the tables anew where that changed';
