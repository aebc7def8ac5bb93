-- Who may see what, part 5: views without identity (masked, research), and who reads the ledger.

set local role homeroom_owner;
set local check_function_bodies = off;

create table access.pseudonym (
    project     text collate "C" not null,
    student_id  text collate "C" not null,
    code        text collate "C" not null,
    constraint pseudonym_key primary key (project, student_id),
    constraint pseudonym_code unique (project, code),
    constraint pseudonym_project foreign key (project) references access.project (project)
);
comment on table access.pseudonym is
    'Codes of students in a research project: HMAC-SHA-256 with the project''s key, cut to 16 digits. '
    'Kept rather than computed, since who may compute them could try every student number';
comment on column access.pseudonym.project is 'The project';
comment on column access.pseudonym.student_id is 'The student';
comment on column access.pseudonym.code is 'What the project calls the student';

create function access.research_project() returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    me text := access.viewer();
begin
    return (
        select min(p.project)
        from access.live_permit() as p
        where p.email = me
            and p.role = 'researcher'
    );
end $$;
comment on function access.research_project() is
    'Project of the viewer; of several the first by name: permit one at a time';

create function access.research_cell() returns integer
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select p.min_cell
    from access.project as p
    where p.project = access.research_project()
$$;
comment on function access.research_cell() is 'Fewest students of a value that the viewer''s project shows';

create function access.refresh_research() returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    mine text := access.research_project();
    num_new bigint;
begin
    if mine is null then
        raise exception 'nobody who takes part in a research project is signed in'
            using errcode = 'insufficient_privilege';
    end if;
    insert into access.pseudonym (project, student_id, code)
    select
        p.project,
        s.student_id,
        left(encode(access.hmac(convert_to(s.student_id, 'UTF8'), p.inner_key, p.outer_key), 'hex'), 16)
    from access.project as p
    cross join data.students as s
    where p.project = mine
    on conflict on constraint pseudonym_key do nothing;
    get diagnostics num_new = row_count;
    perform access.record('research', mine, jsonb_build_object('new_students', num_new));
    return num_new;
end $$;
comment on function access.refresh_research() is
    'Gives codes to students who came since it was called last; until then views of research lack them';

create function access.make_masked(name text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    columns text;
begin
    select string_agg(
        case when a.attname = 'birth_date'
            then 'extract(year from t.birth_date)::bigint as birth_year'
            else format('t.%I', a.attname) end, ', ' order by a.attnum)
    into columns
    from pg_attribute as a
    left join access.column_class as c
        on c.table_name = name
        and c.column_name = regexp_replace(a.attname, '_suppressed$', '')
    where a.attrelid = format('data.%I', name)::regclass
        and a.attnum > 0
        and not a.attisdropped
        and (c.classification in ('public', 'confidential')
            or a.attname in ('_run', '_line')
            or (a.attname = 'birth_date' and a.atttypid = 'date'::regtype));
    execute format(
        'create view masked.%1$I with (security_barrier = true) as select %2$s from data.%1$I as t '
        'where (select access.has_role(''data_steward''))', name, columns);
    execute format('comment on view masked.%1$I is %2$L', name,
        format('data.%s without restricted columns: file and line say where the row came from', name));
    execute format('grant select on masked.%I to homeroom_data_steward', name);
end $$;
comment on function access.make_masked(text) is 'Makes masked.TABLE: restricted columns are left out';

-- What research gets of a column: null where it gets nothing.
create function access.research_column(
    name text, kind text, classification text, is_code boolean, place text
) returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
    select case
        when name in ('school_year', 'school_id') then format('t.%I', name)
        when name = 'birth_date' then format(access.unless_rare('extract(year from t.birth_date)::bigint'
            , place) || ' as birth_year')
        when name in ('section_id', 'school_name', 'teacher_id', 'staff_id')
            or kind in ('identifier', 'person_name', 'email', 'phone', 'postcode')
            and classification <> 'public' then null
        when classification = 'restricted' and name not in ('race_ethnicity', 'hispanic_latino',
            'english_learner', 'special_education', 'economically_disadvantaged', 'action',
            'behavior', 'participation') then null
        when kind in ('date', 'timestamp') then format('date_trunc(''month'', t.%1$I::timestamp)::date as %1$I', name)
        when is_code or kind = 'boolean' or classification = 'restricted'
            then access.unless_rare(format('t.%I', name), place) || format(' as %I', name)
        when kind in ('integer', 'decimal', 'percent') or classification = 'public'
            then format('t.%I', name)
    end
$$;
comment on function access.research_column(text, text, text, boolean, text) is
    'How a column of data stands in research: codes unless rare, months for days, numbers; else not';

create function access.unless_rare(value text, place text) returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
    select format(
        'case when (%1$s, (%2$s)::text) in (select %1$s, (%2$s)::text from %3$s as t group by %1$s, %2$s '
        'having count(distinct t.student_id) >= (select access.research_cell())) then %2$s end',
        case when access.has_columns(place::regclass, 'school_year') then 't.school_year' else '0::bigint' end
            || case when access.has_columns(place::regclass, 'school_id')
                then ', coalesce(t.school_id, '''')' else ', ''''::text' end,
        value, place)
$$;
comment on function access.unless_rare(text, text) is
    'A value where enough students of that school and year have it, else null';

create function access.make_research(name text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    place text := format('data.%I', name);
    columns text;
begin
    if not access.has_columns(place::regclass, 'student_id') then
        return;
    end if;
    select string_agg(r.definition, ', ' order by a.attnum)
    into columns
    from pg_attribute as a
    join access.column_class as c on c.table_name = name and c.column_name = a.attname
    cross join lateral (
        select access.research_column(a.attname, c.kind, c.classification, c.is_code, place)
    ) as r (definition)
    where a.attrelid = place::regclass
        and a.attnum > 0
        and not a.attisdropped
        and r.definition is not null;
    execute format(
        'create view research.%1$I with (security_barrier = true) as select p.code as student_code%2$s '
        'from data.%1$I as t join access.pseudonym as p on p.student_id = t.student_id '
        'and p.project = (select access.research_project())', name, ', ' || columns);
    execute format('comment on view research.%1$I is %2$L', name,
        format('data.%s for research: pseudonyms, months for days, rare values left out', name));
    execute format('grant select on research.%I to homeroom_researcher', name);
end $$;
comment on function access.make_research(text) is 'Makes research.TABLE of a table that has students';

create function access.comment_views(name text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    comments text;
begin
    select string_agg(format('comment on column %s.%I is %L', v.attrelid::regclass, v.attname, coalesce(
        col_description(d.attrelid, d.attnum),
        case v.attname
            when 'student_code' then 'Code of the student in the project'
            when 'birth_year' then 'Year of birth'
            else ''
        end)), '; ')
    into comments
    from pg_attribute as v
    left join pg_attribute as d
        on d.attrelid = to_regclass(format('data.%I', name))
        and d.attname = v.attname
    where v.attrelid in (to_regclass(format('masked.%I', name)), to_regclass(format('research.%I', name)))
        and v.attnum > 0;
    execute comments;
end $$;
comment on function access.comment_views(text) is 'Gives columns of masked and research what data says of them';

create function access.make_views(name text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    execute format('drop view if exists masked.%1$I, research.%1$I', name);
    if exists (
        select
        from access.column_class as c
        where c.table_name = name
    ) then
        perform access.make_masked(name);
        perform access.make_research(name);
        perform access.comment_views(name);
    end if;
end $$;
comment on function access.make_views(text) is 'Makes masked.TABLE and research.TABLE anew';

-- The ledger, and the tables of access themselves.
create function access.ledger_readers(name text) returns text[]
language sql immutable parallel safe
as $$
    select case
        when name in ('run', 'slot', 'arrival', 'run_table', 'table_version', 'undone_run', 'settlement',
            'change', 'issue', 'migration', 'table_shape', 'engine_migration', 'load_volume',
            'quarantine_file', 'correction', 'corrected_row', 'hold_decision', 'reading', 'true_period')
            then array['auditor', 'data_steward', 'district_admin', 'security_admin']
        when name in ('dataset', 'schema_version') then array['auditor', 'counselor', 'data_steward',
            'district_admin', 'principal', 'researcher', 'security_admin', 'teacher']
        when name = 'column_statistic' then array['data_steward', 'district_admin']
        when name in ('pending_row', 'past_pending_row') then array['district_admin', 'principal']
        when name in ('permit', 'outsider', 'login', 'audit', 'session', 'disclosure', 'setting',
            'table_rule', 'column_class') then array['auditor', 'security_admin']
        when name = 'directory_opt_out'
            then array['counselor', 'data_steward', 'district_admin', 'principal']
        else array[]::text[]
    end
$$;
comment on function access.ledger_readers(text) is
    'Roles that read a table of the ledger or of access; a table that is not named here, none';

create function access.protect_ledger(relation regclass, name text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform access.set_policies(
        relation,
        array_agg(case
            when name in ('pending_row', 'past_pending_row') and r.role = 'principal'
                then '(content ->> ''school_id'') = any ((select access.own_schools())::text[])'
            when name = 'directory_opt_out' and r.role = 'counselor'
                then 'student_id in (select access.case_students())'
            when name = 'directory_opt_out' and r.role = 'principal'
                then 'student_id in (select access.school_students())'
            when name in ('dataset', 'schema_version') then '(select access.is_known())'
            else format('(select access.has_role(%L))', r.role) end order by r.role),
        array_agg(r.role order by r.role),
        array_agg(format('grant select on %s to homeroom_%s', relation, r.role) order by r.role))
    from unnest(access.ledger_readers(name)) as r (role);
end $$;
comment on function access.protect_ledger(regclass, text) is
    'Row security of a table of the ledger or of access';
