-- Who may see what, part 7: what each role may call and enter, and the tables that are there already.

set local role homeroom_owner;

grant usage on schema access to homeroom_teacher, homeroom_counselor, homeroom_principal,
    homeroom_district_admin, homeroom_data_steward, homeroom_researcher, homeroom_auditor,
    homeroom_security_admin, homeroom_bi_reader;
grant usage on schema data to homeroom_teacher, homeroom_counselor, homeroom_principal,
    homeroom_district_admin, homeroom_data_steward, homeroom_researcher, homeroom_bi_reader;
grant usage on schema mart to homeroom_teacher, homeroom_counselor, homeroom_principal,
    homeroom_district_admin, homeroom_bi_reader;
grant usage on schema history to homeroom_counselor, homeroom_principal, homeroom_district_admin,
    homeroom_data_steward, homeroom_bi_reader;
grant usage on schema homeroom to homeroom_teacher, homeroom_counselor, homeroom_principal,
    homeroom_district_admin, homeroom_data_steward, homeroom_researcher, homeroom_auditor,
    homeroom_security_admin;
grant usage on schema masked to homeroom_data_steward;
grant usage on schema research to homeroom_researcher;

-- Each answers for the viewer of the session only.
grant execute on function
    access.viewer(),
    access.is_known(),
    access.require_viewer(),
    access.has_role(text[]),
    access.sign_in(text, boolean),
    access.sign_out(),
    access.school_year(),
    access.own_staff_ids(),
    access.own_schools(),
    access.school_students(),
    access.case_students(),
    access.class_seats(),
    access.class_students(),
    access.class_list(),
    access.class_sections(),
    access.year_incidents(),
    access.opted_out(),
    access.note_read(text, text),
    access.record_disclosure(text, text, text, bigint, bigint, text, text)
to homeroom_teacher, homeroom_counselor, homeroom_principal, homeroom_district_admin,
    homeroom_data_steward, homeroom_researcher, homeroom_auditor, homeroom_security_admin,
    homeroom_bi_reader;

grant execute on function access.assert_viewer(text, boolean) to homeroom_bi_reader;
grant execute on function
    access.read_pending(text),
    access.set_opt_out(text, boolean, text)
to homeroom_data_steward, homeroom_district_admin;
grant execute on function
    access.research_project(),
    access.research_cell(),
    access.refresh_research()
to homeroom_researcher;
grant execute on function
    access.permit_person(text, text, text, text, text[], text, text, text, timestamptz, text),
    access.revoke_permit(bigint, text, text),
    access.add_outsider(text, text, text, timestamptz, text),
    access.set_login(text, text, text, boolean, text),
    access.make_project(text, text, integer, text)
to homeroom_security_admin;

do $$
declare
    relation regclass;
    name text;
    is_as_left boolean;
begin
    for relation in
        select c.oid
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname in ('homeroom', 'access', 'mart', 'parts', 'history')
            and c.relkind in ('r', 'p')
        order by n.nspname, c.relname
    loop
        perform access.protect(relation);
    end loop;
    for name in
        select c.relname
        from pg_class as c
        where c.relnamespace = 'data'::regnamespace
            and c.relkind in ('r', 'p')
        order by c.relname
    loop
        is_as_left := not exists (
            select
            from homeroom.find_alterations(name) as f
        );
        perform access.protect_table(name);
        if is_as_left and exists (
            select
            from homeroom.table_shape as s
            where s.table_name = name
        ) then
            perform homeroom.record_shape(name, s.agreed_by)
            from homeroom.table_shape as s
            where s.table_name = name;
        end if;
    end loop;
end $$;
