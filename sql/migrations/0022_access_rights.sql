-- Who may see what, part 6: permits, logins, people from outside; records of reads and disclosures;
-- and what each role may call.

set local role homeroom_owner;
set local check_function_bodies = off;

create function access.who_acts(said text) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if access.has_role('security_admin') then
        return access.viewer();
    elsif pg_has_role(session_user, 'homeroom_owner', 'member') then
        return coalesce(nullif(said, ''), session_user);
    end if;
    perform access.refuse('change_refused', '', 'not a security administrator');
    return null;
end $$;
comment on function access.who_acts(text) is
    'Who changes rights: the security administrator who is signed in, or whom the owner''s program '
    'names; null, and recorded, for others';

create function access.permit_person(
    of_email text,
    as_role text,
    why text,
    of_school text default null,
    of_grades text[] default null,
    of_section text default null,
    of_student text default null,
    of_project text default null,
    until timestamptz default null,
    by_whom text default ''
) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    who text := access.who_acts(by_whom);
    id bigint;
begin
    if who is null then
        return null;
    end if;
    if who = lower(of_email) then
        raise exception 'nobody grants to themselves'
            using errcode = 'insufficient_privilege', hint = 'ask another security administrator';
    end if;
    if not access.is_live(lower(of_email)) then
        raise exception '% is nobody who works here', lower(of_email)
            using errcode = 'invalid_parameter_value',
                hint = 'data.staff has nobody of this e-mail who is active; add a person from outside first';
    end if;
    if of_grades is not null and (cardinality(of_grades) <> 2
        or access.grade_rank(of_grades[1]) is null
        or coalesce(access.grade_rank(of_grades[2]), -1) < access.grade_rank(of_grades[1]))
    then
        raise exception 'grades are a lowest and a highest one' using
            errcode = 'invalid_parameter_value', hint = 'write them as KG, 01, 02, ... 12';
    end if;
    insert into access.permit (
        email, role, school_id, from_grade, to_grade, section_id, student_id, project, reason,
        granted_by, ends_at
    )
    values (
        lower(of_email), as_role, of_school, of_grades[1], of_grades[2], of_section, of_student,
        of_project, why, who, until
    )
    returning permit_id
    into id;
    perform access.record('grant', lower(of_email), jsonb_strip_nulls(jsonb_build_object(
        'permit', id, 'role', as_role, 'school', of_school, 'grades', of_grades, 'section', of_section,
        'project', of_project, 'until', until, 'by', who)));
    return id;
end $$;
comment on function access.permit_person(
    text, text, text, text, text[], text, text, text, timestamptz, text) is
    'Permits a person something; returns the permit''s number, null for who may not, which is recorded';

create function access.revoke_permit(of_permit bigint, why text, by_whom text default '') returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    who text := access.who_acts(by_whom);
    gone text;
begin
    if who is null then
        return null;
    end if;
    update access.permit as p
    set revoked_by = who,
        revoked_at = clock_timestamp(),
        revoke_reason = why
    where p.permit_id = of_permit
        and p.revoked_at is null
    returning p.email
    into gone;
    if gone is not null then
        perform access.record('revoke', gone, jsonb_build_object(
            'permit', of_permit, 'reason', why, 'by', who));
    end if;
    return gone is not null;
end $$;
comment on function access.revoke_permit(bigint, text, text) is
    'Takes a permit back at once, in open sessions too; false when there is none that stands';

create function access.add_outsider(
    of_email text, why text, of_name text default '', until timestamptz default null,
    by_whom text default ''
) returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    who text := access.who_acts(by_whom);
begin
    if who is null then
        return null;
    end if;
    insert into access.outsider as o (email, name, reason, added_by, ends_at)
    values (lower(of_email), of_name, why, who, until)
    on conflict on constraint outsider_key do update
    set reason = excluded.reason,
        name = excluded.name,
        added_by = excluded.added_by,
        ends_at = excluded.ends_at;
    perform access.record('outsider', lower(of_email), jsonb_build_object('until', until, 'by', who));
    return true;
end $$;
comment on function access.add_outsider(text, text, text, timestamptz, text) is
    'Makes a person known whom data.staff does not have, or changes until when; they may do nothing yet';

create function access.set_login(
    of_login text, why text, of_email text default null, may_assert boolean default false,
    by_whom text default ''
) returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    who text := access.who_acts(by_whom);
begin
    if who is null then
        return null;
    end if;
    if of_email is null and not may_assert then
        delete from access.login as l
        where l.login = of_login;
    else
        insert into access.login as l (login, email, may_assert_viewer, reason, set_by)
        values (of_login, lower(of_email), may_assert, why, who)
        on conflict on constraint login_key do update
        set email = excluded.email,
            may_assert_viewer = excluded.may_assert_viewer,
            reason = excluded.reason,
            set_by = excluded.set_by,
            set_at = now();
    end if;
    perform access.record('login', of_login, jsonb_build_object(
        'email', lower(of_email), 'may_assert_viewer', may_assert, 'by', who));
    return true;
end $$;
comment on function access.set_login(text, text, text, boolean, text) is
    'Says whose a login is, or that it may name its viewer; with neither it is forgotten';

create function access.make_project(
    of_project text, about text, smallest_cell integer default 10, by_whom text default ''
) returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    who text := access.who_acts(by_whom);
    key bytea := access.random_bytes();
begin
    if who is null then
        return null;
    end if;
    insert into access.project (project, description, min_cell, inner_key, outer_key, made_by)
    values (of_project, about, smallest_cell, access.padded_key(key, 54), access.padded_key(key, 92), who);
    perform access.record('project', of_project, jsonb_build_object('by', who));
    return true;
end $$;
comment on function access.make_project(text, text, integer, text) is
    'A research project, with a key of its own for its pseudonyms';

-- Reads that are recorded: the function is the only way to these rows for a data steward.
create function access.read_pending(of_table text default null)
returns setof homeroom.pending_row
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not access.has_role('data_steward', 'district_admin') then
        perform access.refuse('read_refused', 'homeroom.pending_row', 'not a data steward');
        return;
    end if;
    perform access.record('read', 'homeroom.pending_row', jsonb_build_object('table', of_table));
    return query
    select p.*
    from homeroom.pending_row as p
    where of_table is null
        or p.table_name = of_table;
end $$;
comment on function access.read_pending(text) is
    'Rows that wait, in full, for data stewards; each read is recorded';

create function access.note_read(of_what text, why text default '') returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if access.viewer() is null and not pg_has_role(session_user, 'homeroom_owner', 'member') then
        raise exception 'nobody is signed in'
            using errcode = 'insufficient_privilege', hint = 'select * from access.sign_in(TOKEN)';
    end if;
    perform access.record('read', of_what, jsonb_build_object('reason', why));
end $$;
comment on function access.note_read(text, text) is
    'Records that something was read, for programs that show students'' rows';

-- FERPA 99.37: students who may not be in directory information; 99.32: who was told what, and why.
create table access.directory_opt_out (
    student_id   text collate "C" not null,
    since        date not null,
    until        date,
    recorded_by  text not null,
    recorded_at  timestamptz not null default now(),
    constraint directory_opt_out_key primary key (student_id, since)
);
comment on table access.directory_opt_out is
    'Students whose parents, or who themselves, refused directory information';
comment on column access.directory_opt_out.student_id is 'The student';
comment on column access.directory_opt_out.since is 'From this day on';
comment on column access.directory_opt_out.until is 'To this day, included; null: it goes on';
comment on column access.directory_opt_out.recorded_by is 'Who recorded it';
comment on column access.directory_opt_out.recorded_at is 'When';

create function access.opted_out() returns setof text
language sql stable security definer rows 1000
set search_path = pg_catalog, pg_temp
as $$
    select o.student_id
    from access.directory_opt_out as o
    where o.since <= access.today()
        and (o.until is null or o.until >= access.today())
        and (select access.is_known() or pg_has_role(session_user, 'homeroom_owner', 'member'))
$$;
comment on function access.opted_out() is
    'Students to leave out of every list that leaves: where student_id not in (select access.opted_out())';

create function access.set_opt_out(of_student text, is_out boolean, by_whom text default '')
returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    who text;
begin
    if access.has_role('district_admin', 'data_steward') then
        who := access.viewer();
    elsif pg_has_role(session_user, 'homeroom_owner', 'member') then
        who := coalesce(nullif(by_whom, ''), session_user);
    else
        perform access.refuse('change_refused', 'opt-out', 'not a district administrator or data steward');
        return null;
    end if;
    if is_out then
        insert into access.directory_opt_out as o (student_id, since, recorded_by)
        values (of_student, access.today(), who)
        on conflict on constraint directory_opt_out_key do update set until = null;
    else
        update access.directory_opt_out as o
        set until = access.today() - 1
        where o.student_id = of_student
            and o.until is null;
    end if;
    perform access.record('opt_out', '', jsonb_build_object('is_out', is_out, 'by', who));
    return true;
end $$;
comment on function access.set_opt_out(text, boolean, text) is
    'Records that a student is kept out of directory information from today on, or no more';

create table access.disclosure (
    disclosure_id  bigint generated always as identity,
    disclosed_at   timestamptz not null default clock_timestamp(),
    disclosed_by   text not null,
    recipient      text not null,
    what           text not null,
    purpose        text not null,
    num_students   bigint not null,
    num_rows       bigint not null,
    sha256         text collate "C" not null default '',
    constraint disclosure_key primary key (disclosure_id),
    constraint disclosure_said check (recipient <> '' and what <> '' and purpose <> ''),
    constraint disclosure_counts check (num_students >= 0 and num_rows >= 0)
);
comment on table access.disclosure is
    'What left: to whom, what, for which purpose (FERPA 99.32). Rows are only added';
comment on column access.disclosure.disclosure_id is 'Order of the disclosures';
comment on column access.disclosure.disclosed_at is 'When';
comment on column access.disclosure.disclosed_by is 'Who gave it out';
comment on column access.disclosure.recipient is 'Who got it';
comment on column access.disclosure.what is 'View or table, and its filters; never a value of a student';
comment on column access.disclosure.purpose is 'The interest that they have in it';
comment on column access.disclosure.num_students is 'Students in it';
comment on column access.disclosure.num_rows is 'Rows in it';
comment on column access.disclosure.sha256 is 'SHA-256 of the file that left, in hex; empty: no file';
create trigger disclosure_is_kept
    before update or delete or truncate on access.disclosure
    for each statement execute function access.refuse_change();

create function access.record_disclosure(
    to_whom text, of_what text, for_purpose text, of_students bigint, of_rows bigint,
    of_sha256 text default '', by_whom text default ''
) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    who text := access.viewer();
    id bigint;
begin
    if who is null and pg_has_role(session_user, 'homeroom_owner', 'member') then
        who := coalesce(nullif(by_whom, ''), session_user);
    end if;
    if who is null then
        raise exception 'nobody is signed in who could give something out'
            using errcode = 'insufficient_privilege', hint = 'select * from access.sign_in(TOKEN)';
    end if;
    insert into access.disclosure (
        disclosed_by, recipient, what, purpose, num_students, num_rows, sha256
    )
    values (who, to_whom, of_what, for_purpose, of_students, of_rows, of_sha256)
    returning disclosure_id
    into id;
    perform access.record('disclosure', to_whom, jsonb_build_object('disclosure', id));
    return id;
end $$;
comment on function access.record_disclosure(text, text, text, bigint, bigint, text, text) is
    'Records what leaves, before it does; in the transaction that reads it';
