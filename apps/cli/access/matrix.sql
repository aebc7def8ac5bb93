-- homeroom access test: asks PostgreSQL each cell of the matrix, in a transaction that is taken back.
-- Runs as homeroom_owner. Two rows are put into each table that has students: one of a student,
-- school and section that the people of the test have, one of others; then each role tries.

create function pg_temp.marked(own boolean, of_column text) returns text
language sql immutable as $$
    select 'homeroom-access-test-' || case
        when of_column in ('student_id', 'school_id', 'section_id', 'course_id', 'staff_id', 'email')
            then of_column
        else 'value'
    end || case when own then '-own' else '-other' end
$$;

-- The value of a column that the test needs, or that may not be null; null: leave it out.
create function pg_temp.value_for(of_column text, of_type text, must boolean, own boolean) returns text
language sql stable as $$
    select case
        when of_column = 'school_year' then access.school_year()::text
        when of_column in ('student_id', 'school_id', 'section_id', 'course_id')
            then quote_literal(pg_temp.marked(own, of_column))
        when of_column = 'staff_id' then quote_literal(pg_temp.marked(own, of_column))
        when of_column = 'email' then quote_literal(pg_temp.marked(own, of_column) || '@test')
        when not must then null
        when of_type = 'text[]' then 'array[''none'']'
        when of_type = 'jsonb'
            then quote_literal(jsonb_build_object('school_id', pg_temp.marked(own, 'school_id')))
        when of_type in ('bigint', 'integer', 'numeric') then case when own then '900000001' else '900000002' end
        when of_type = 'date' then quote_literal(access.today())
        when of_type like 'timestamp%' then 'now()'
        when of_type = 'boolean' then 'false'
        else quote_literal(pg_temp.marked(own, of_column))
    end
$$;

-- The first word of a list that a constraint has the column be of.
create function pg_temp.word_for(relation regclass, of_column text) returns text
language sql stable as $$
    select quote_literal(min(m.word[1]))
    from pg_constraint as k
    cross join lateral regexp_match(pg_get_constraintdef(k.oid),
        format('\m%s = ANY \(+ARRAY\[''([^'']*)''', of_column)) as m (word)
    where k.conrelid = relation
        and k.contype = 'c'
$$;

create function pg_temp.row_of(relation regclass, own boolean) returns text
language sql stable as $$
    select format('insert into %s (%s) overriding system value values (%s)', relation,
        string_agg(quote_ident(a.attname), ', ' order by a.attnum),
        string_agg(v.value, ', ' order by a.attnum))
    from pg_attribute as a
    cross join lateral (
        select coalesce(
            case when a.attnotnull then pg_temp.word_for(relation, a.attname) end,
            pg_temp.value_for(a.attname, format_type(a.atttypid, null),
                a.attnotnull and (not a.atthasdef or a.attidentity <> ''), own))
    ) as v (value)
    where a.attrelid = relation
        and a.attnum > 0
        and not a.attisdropped
        and v.value is not null
$$;

-- A table that is kept by year may have no part for this one yet.
create function pg_temp.add_row(relation regclass, own boolean) returns void
language plpgsql as $$
begin
    execute pg_temp.row_of(relation, own);
exception when check_violation then
    if not exists (
        select
        from pg_partitioned_table as t
        where t.partrelid = relation
    ) then
        raise;
    end if;
    execute format('create table parts.%I partition of %s for values in (%s)',
        'access_test_' || relation::oid, relation, access.school_year());
    execute pg_temp.row_of(relation, own);
end $$;

-- Columns that tell the two rows apart, the first that the table has.
create function pg_temp.finds(relation regclass, own boolean) returns text
language sql stable as $$
    select concat_ws(' and ',
        (
            select format('t.%I::text = %s', a.attname,
                case when v.value ~ '^[0-9]' then quote_literal(v.value) else v.value end)
            from unnest(array['student_id', 'school_id', 'section_id', 'staff_id', 'course_id', '_line',
                'run_id', 'table_name']) with ordinality as m (name, position)
            join pg_attribute as a on a.attrelid = relation and a.attname = m.name
            cross join lateral (
                select pg_temp.value_for(a.attname, format_type(a.atttypid, null), true, own)
            ) as v (value)
            order by m.position
            limit 1
        ),
        case when access.has_columns(relation, 'school_year')
            then format('t.school_year = %s', access.school_year()) end)
$$;

-- Tries a statement as a role and takes it back; the rows it touched, -1 where it was refused.
create function pg_temp.try_as(role text, statement text) returns bigint
language plpgsql as $$
declare
    touched bigint;
begin
    begin
        execute format('set local role %I', role);
        execute statement;
        get diagnostics touched = row_count;
        raise exception using errcode = 'HR000', message = touched::text;
    exception
        when insufficient_privilege then
            return -1;
        when sqlstate 'HR000' then
            return sqlerrm::bigint;
    end;
end $$;

create function pg_temp.try_cell(role text, relation regclass, action text, own boolean, is_filled boolean)
returns boolean
language plpgsql as $$
declare
    condition text := case when is_filled then pg_temp.finds(relation, own) else 'true' end;
    some_column text := (
        select quote_ident(a.attname)
        from pg_attribute as a
        where a.attrelid = relation
            and a.attnum > 0
            and not a.attisdropped
        order by a.attidentity <> '', a.attnum
        limit 1
    );
    touched bigint;
    standing bigint;
begin
    touched := pg_temp.try_as(role, case action
        when 'select' then format('select 1 from %s as t where %s limit 1', relation, condition)
        when 'insert' then case when is_filled then pg_temp.row_of(relation, own)
            else format('insert into %s (%s) values (null)', relation, some_column) end
        when 'update' then format('update %1$s as t set %2$s = t.%2$s where %3$s', relation, some_column,
            case when is_filled then condition else 'false' end)
        when 'delete' then format('delete from %s as t where %s', relation,
            case when is_filled then condition else 'false' end)
    end);
    if action in ('update', 'delete') and not is_filled then
        return touched >= 0;
    elsif touched = 0 and not is_filled then
        execute format('select count(*) from (select from %s limit 1) as t', relation) into standing;
        return standing = 0;
    end if;
    return touched > 0;
exception
    -- It was let in and failed on the row itself.
    when integrity_constraint_violation then
        return true;
    -- A record that is only added to; a view that nothing can be written to.
    when raise_exception or object_not_in_prerequisite_state or feature_not_supported then
        return false;
end $$;

-- The people of the test. Session is a column of the matrix: a role, or bi_as_ROLE for a BI login in
-- which somebody is signed in, or bi_reader, reader and loader in which nobody is.
create function pg_temp.sign_in_as(session text) returns void
language plpgsql as $$
declare
    role text := regexp_replace(session, '^bi_as_', '');
begin
    perform access.unbind();
    if session = 'former_teacher' then
        perform access.bind('homeroom-access-test-former@test', 'token', 'infinity', true);
    elsif role = 'teacher' then
        perform access.bind(pg_temp.marked(true, 'email') || '@test', 'token', 'infinity', true);
    elsif role not in ('bi_reader', 'reader', 'loader') then
        perform access.bind(format('homeroom-access-test-%s@test', role), 'token', 'infinity', true);
    end if;
end $$;

create function pg_temp.database_role(session text) returns text
language sql immutable as $$
    select case
        when session like 'bi\_as\_%' then 'homeroom_bi_reader'
        when session = 'former_teacher' then 'homeroom_teacher'
        when session = 'loader' then 'homeroom_owner'
        else 'homeroom_' || session
    end
$$;

create function pg_temp.is_filled(relation regclass) returns boolean
language sql stable as $$
    select n.nspname in ('data', 'history', 'mart')
        or relation::text in ('homeroom.pending_row', 'homeroom.past_pending_row', 'access.directory_opt_out')
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.oid = relation
$$;

create function pg_temp.make_people() returns void
language plpgsql as $$
declare
    relation regclass;
    role text;
begin
    insert into access.outsider (email, reason, added_by)
    select format('homeroom-access-test-%s@test', p.role), 'access test', 'access test'
    from unnest(array['counselor', 'principal', 'district_admin', 'data_steward', 'researcher',
        'auditor', 'security_admin', 'former']) as p (role);
    insert into access.project (project, description, inner_key, outer_key, made_by)
    values ('homeroom-access-test', 'access test', '\x00', '\x00', 'access test');
    insert into access.permit (
        email, role, school_id, student_id, project, reason, granted_by, ends_at
    )
    select
        format('homeroom-access-test-%s@test', p.role),
        p.role,
        case when p.role = 'principal' then pg_temp.marked(true, 'school_id') end,
        case when p.role = 'counselor' then pg_temp.marked(true, 'student_id') end,
        case when p.role = 'researcher' then 'homeroom-access-test' end,
        'access test',
        'access test',
        null
    from unnest(array['counselor', 'principal', 'district_admin', 'data_steward', 'researcher',
        'auditor', 'security_admin']) as p (role);
    for relation in
        select c.oid
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname in ('data', 'history', 'mart', 'homeroom', 'access')
            and c.relkind in ('r', 'p')
            and not c.relispartition
    loop
        continue when not pg_temp.is_filled(relation);
        perform pg_temp.add_row(relation, true);
        perform pg_temp.add_row(relation, false);
    end loop;
    insert into access.pseudonym (project, student_id, code)
    values
        ('homeroom-access-test', pg_temp.marked(true, 'student_id'), 'own'),
        ('homeroom-access-test', pg_temp.marked(false, 'student_id'), 'other');
    -- Once a teacher of the section, no more.
    insert into data.staff (staff_id, email, _run, _line)
    values ('homeroom-access-test-former', 'homeroom-access-test-former@test', 1, 1);
    insert into data.staff_sections (school_year, staff_id, section_id, end_date, _run, _line)
    values (access.school_year(), 'homeroom-access-test-former', pg_temp.marked(true, 'section_id'),
        access.today() - 1, 1, 1);
end $$;

-- Cells that differ. The matrix is an array of {table, session, cell}; a cell is OWN/OTHER, each the
-- letters of what is allowed: s, i, u, d.
create function pg_temp.differences(matrix jsonb)
returns table (table_name text, session text, action text, whose text, expected boolean, found boolean)
language plpgsql as $$
#variable_conflict use_column
declare
    of_session text;
    cell record;
    act text;
    own boolean;
    wanted boolean;
    got boolean;
begin
    perform pg_temp.make_people();
    for of_session in
        select distinct m ->> 'session'
        from jsonb_array_elements(matrix) as m
    loop
        perform pg_temp.sign_in_as(of_session);
        for cell in
            select m ->> 'table' as place, split_part(m ->> 'cell', '/', 1) as mine,
                split_part(m ->> 'cell', '/', 2) as others
            from jsonb_array_elements(matrix) as m
            where m ->> 'session' = of_session
                and m ->> 'cell' <> ''
                and to_regclass(m ->> 'table') is not null
        loop
            foreach act in array array['select', 'insert', 'update', 'delete'] loop
                foreach own in array array[true, false] loop
                    wanted := position(left(act, 1) in case when own then cell.mine else cell.others end) > 0;
                    got := pg_temp.try_cell(pg_temp.database_role(of_session), cell.place::regclass, act,
                        own, pg_temp.is_filled(cell.place::regclass));
                    if wanted <> got then
                        return query select cell.place, of_session, act,
                            case when own then 'own' else 'other' end, wanted, got;
                    end if;
                end loop;
            end loop;
        end loop;
    end loop;
    perform access.unbind();
end $$;

-- What must hold of every table, whatever the matrix names.
create function pg_temp.findings() returns table (finding text)
language sql stable as $$
    with ours as (
        select c.oid, c.oid::regclass::text as name, n.nspname as place, c.relkind as kind,
            c.relrowsecurity, c.relowner, c.relacl, c.reloptions
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname in ('data', 'history', 'parts', 'mart', 'homeroom', 'access', 'report',
            'masked', 'research', 'setting')
            and c.relkind in ('r', 'p', 'v', 'm')
    )
    select 'row security is off: ' || o.name
    from ours as o
    where o.kind in ('r', 'p')
        and o.place not in ('setting', 'report')
        and not o.relrowsecurity
    union all
    select 'has students and no policy: ' || o.name
    from ours as o
    where o.kind in ('r', 'p')
        and o.place in ('data', 'history', 'mart', 'report')
        and access.has_columns(o.oid, 'student_id')
        and not exists (
            select
            from pg_policy as p
            where p.polrelid = o.oid
        )
    union all
    select 'has students, runs with its owner''s rights, and others read it: ' || o.name
    from ours as o
    where o.kind in ('v', 'm')
        and o.place not in ('masked', 'research')
        and access.has_columns(o.oid, 'student_id')
        and not coalesce('security_invoker=true' = any (o.reloptions), false)
        and exists (
            select
            from aclexplode(o.relacl) as a
            where a.grantee <> o.relowner
        )
    union all
    select 'is not homeroom_owner''s: ' || o.name
    from ours as o
    where o.relowner <> 'homeroom_owner'::regrole
    union all
    select 'PUBLIC may ' || lower(a.privilege_type) || ': ' || o.name
    from ours as o
    cross join lateral aclexplode(o.relacl) as a
    where a.grantee = 0
    union all
    select 'PUBLIC may call: ' || p.oid::regprocedure
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
    where n.nspname in ('access', 'homeroom', 'as_of', 'mart')
        and a.grantee = 0
    union all
    select 'is not as access.protect() leaves it: ' || o.name
    from ours as o
    join access.protected as r on r.relation = o.oid and r.table_name = o.name
    where (
            select count(*)
            from pg_policy as p
            where p.polrelid = o.oid
                and p.polname like 'access\_%'
        ) <> r.num_policies
    union all
    select format('has a policy that is not Homeroom''s: %s (%s)', o.name, p.polname)
    from ours as o
    join pg_policy as p on p.polrelid = o.oid
    where p.polname not like 'access\_%'
    order by 1
$$;
