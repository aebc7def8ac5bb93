-- Who may see what, part 1: roles of the database, people, what they were permitted, and the record
-- of it. A database role opens tables; what a person was permitted opens rows. Both are needed.
-- Roles are of the server: they may be there already. This part runs as whoever installs.

set local role none;

do $$
declare
    name text;
begin
    foreach name in array array[
        'homeroom_teacher', 'homeroom_counselor', 'homeroom_principal', 'homeroom_district_admin',
        'homeroom_data_steward', 'homeroom_researcher', 'homeroom_auditor',
        'homeroom_security_admin', 'homeroom_bi_reader'
    ]
    loop
        begin
            if to_regrole(name) is null then
                execute format('create role %I nologin', name);
            end if;
        exception when duplicate_object or unique_violation then null;
        end;
        if exists (
            select
            from pg_roles as r
            where r.rolname = name
                and (r.rolsuper or r.rolbypassrls)
        ) then
            raise exception 'the role % is there and passes by row security', name
                using hint = format('alter role %I nosuperuser nobypassrls', name);
        end if;
    end loop;
end $$;

-- What is published is read by all but those who look after rights and records. The owner may act
-- as each of them, which gives it nothing, so that `homeroom access test` can.
do $$
declare
    name text;
begin
    foreach name in array array[
        'homeroom_teacher', 'homeroom_counselor', 'homeroom_principal', 'homeroom_district_admin',
        'homeroom_data_steward', 'homeroom_researcher', 'homeroom_bi_reader'
    ]
    loop
        if not pg_has_role(name, 'homeroom_reader', 'member') then
            execute format('grant homeroom_reader to %I', name);
        end if;
    end loop;
    foreach name in array array[
        'homeroom_teacher', 'homeroom_counselor', 'homeroom_principal', 'homeroom_district_admin',
        'homeroom_data_steward', 'homeroom_researcher', 'homeroom_auditor',
        'homeroom_security_admin', 'homeroom_bi_reader'
    ]
    loop
        if not pg_has_role('homeroom_owner', name, 'member') then
            execute format('grant %I to homeroom_owner', name);
        end if;
    end loop;
    if pg_has_role(
        (select d.datdba from pg_database as d where d.datname = current_database()), 'usage')
    then
        execute format('grant connect on database %I to homeroom_auditor, homeroom_security_admin',
            current_database());
    end if;
exception when unique_violation then null;
end $$;

set local role homeroom_owner;

create schema access authorization homeroom_owner;
comment on schema access is 'People, what they may see, how they sign in, and the record of it';

create table access.setting (
    name         text collate "C" not null,
    value        text not null,
    description  text not null,
    constraint setting_key primary key (name)
);
comment on table access.setting is 'What the rules of access follow';
comment on column access.setting.name is 'Name the functions use';
comment on column access.setting.value is 'The value in force';
comment on column access.setting.description is 'What it decides';
insert into access.setting (name, value, description)
values
    ('zone', 'UTC', 'Time zone in which a day begins: America/New_York'),
    ('first_month', '7', 'Month in which a school year begins, 1 to 12'),
    ('longest_token', '12 hours', 'A token is good for so long at most'),
    ('longest_session', '12 hours', 'A session stays signed in for so long at most');

create table access.outsider (
    email      text collate "C" not null,
    name       text not null default '',
    reason     text not null,
    added_by   text not null,
    added_at   timestamptz not null default now(),
    ends_at    timestamptz,
    constraint outsider_key primary key (email),
    constraint outsider_email check (email = lower(email) and email like '%_@_%'),
    constraint outsider_reason_given check (reason <> '')
);
comment on table access.outsider is
    'People who may be permitted something although data.staff does not have them: researchers, auditors';
comment on column access.outsider.email is 'By which the person is known, in small letters';
comment on column access.outsider.name is 'Name for people';
comment on column access.outsider.reason is 'Why the person is here';
comment on column access.outsider.added_by is 'Who added them';
comment on column access.outsider.added_at is 'When';
comment on column access.outsider.ends_at is 'When it ends; null: it does not';

create table access.project (
    project      text collate "C" not null,
    description  text not null,
    min_cell     integer not null default 10,
    inner_key    bytea not null,
    outer_key    bytea not null,
    made_by      text not null,
    made_at      timestamptz not null default now(),
    constraint project_key primary key (project),
    constraint project_min_cell check (min_cell >= 1)
);
comment on table access.project is 'Research projects: each has a key of its own for its pseudonyms';
comment on column access.project.project is 'Name of the project';
comment on column access.project.description is 'What it is for';
comment on column access.project.min_cell is 'Values of fewer students in a school and year are left out';
comment on column access.project.inner_key is 'Key of the pseudonyms, for the inner hash';
comment on column access.project.outer_key is 'Key of the pseudonyms, for the outer hash';
comment on column access.project.made_by is 'Who made it';
comment on column access.project.made_at is 'When';

create table access.permit (
    permit_id      bigint generated always as identity,
    email          text collate "C" not null,
    role           text collate "C" not null,
    school_id      text collate "C",
    from_grade     text collate "C",
    to_grade       text collate "C",
    section_id     text collate "C",
    student_id     text collate "C",
    project        text collate "C",
    reason         text not null,
    granted_by     text not null,
    granted_at     timestamptz not null default now(),
    ends_at        timestamptz,
    revoked_by     text,
    revoked_at     timestamptz,
    revoke_reason  text,
    constraint permit_key primary key (permit_id),
    constraint permit_project foreign key (project) references access.project (project),
    constraint permit_email check (email = lower(email) and email like '%_@_%'),
    constraint permit_reason_given check (reason <> ''),
    constraint permit_revoked check ((revoked_by is null) = (revoked_at is null)),
    constraint permit_role_known check (role in (
        'teacher', 'counselor', 'principal', 'district_admin', 'data_steward', 'researcher',
        'auditor', 'security_admin'
    )),
    -- Which scope goes with which role; district_admin, data_steward and the rest have none.
    constraint permit_scope check (
        case role
            when 'teacher' then section_id is not null and student_id is null and from_grade is null
            when 'counselor' then section_id is null
                and ((student_id is null) <> (school_id is null))
            when 'principal' then school_id is not null and section_id is null and student_id is null
            when 'researcher' then project is not null
            else school_id is null and section_id is null and student_id is null
        end
    ),
    constraint permit_grades check (
        (from_grade is null) = (to_grade is null) and (from_grade is null or school_id is not null)
    ),
    constraint permit_project_of_research check (project is null or role = 'researcher')
);
create index permit_by_email on access.permit (email) where revoked_at is null;
comment on table access.permit is
    'What people were permitted beyond what the rosters say; a permit that ended stays on record';
comment on column access.permit.permit_id is 'Number of the permit';
comment on column access.permit.email is 'Who, in small letters';
comment on column access.permit.role is 'As what';
comment on column access.permit.school_id is 'School; null where the role has none';
comment on column access.permit.from_grade is 'Lowest grade of that school; null: all';
comment on column access.permit.to_grade is 'Highest grade of that school';
comment on column access.permit.section_id is 'Section of the current school year, for a teacher';
comment on column access.permit.student_id is 'One student, for a counselor''s caseload';
comment on column access.permit.project is 'Research project';
comment on column access.permit.reason is 'Why';
comment on column access.permit.granted_by is 'Who granted it';
comment on column access.permit.granted_at is 'When';
comment on column access.permit.ends_at is 'When it ends by itself; null: it does not';
comment on column access.permit.revoked_by is 'Who took it back; null while it stands';
comment on column access.permit.revoked_at is 'When';
comment on column access.permit.revoke_reason is 'Why';

create table access.login (
    login              text collate "C" not null,
    email              text collate "C",
    may_assert_viewer  boolean not null default false,
    reason             text not null,
    set_by             text not null,
    set_at             timestamptz not null default now(),
    constraint login_key primary key (login),
    constraint login_email check (email = lower(email) and email like '%_@_%'),
    constraint login_is_one_kind check (email is null or not may_assert_viewer)
);
comment on table access.login is
    'Logins of the database: whose they are, or that they may name their viewer';
comment on column access.login.login is 'Login role';
comment on column access.login.email is 'Person whose own it is; null for a shared one';
comment on column access.login.may_assert_viewer is
    'Whoever has this login''s password may name anyone as the viewer';
comment on column access.login.reason is 'Why';
comment on column access.login.set_by is 'Who said so';
comment on column access.login.set_at is 'When';

create table access.audit (
    audit_id     bigint generated always as identity,
    happened_at  timestamptz not null default clock_timestamp(),
    kind         text collate "C" not null,
    login        text not null,
    viewer       text,
    subject      text not null default '',
    detail       jsonb not null default '{}',
    constraint audit_key primary key (audit_id)
);
create index audit_by_time on access.audit (happened_at);
comment on table access.audit is
    'Sign-ins and what was refused, permits, reads that are recorded, disclosures. Rows are only added';
comment on column access.audit.audit_id is 'Order of the entries';
comment on column access.audit.happened_at is 'When';
comment on column access.audit.kind is
    'sign_in, sign_in_refused, sign_out, token, grant, revoke, login, read, disclosure, ...';
comment on column access.audit.login is 'Login of the session';
comment on column access.audit.viewer is 'Who was signed in; null: nobody';
comment on column access.audit.subject is 'Whom or what it is about';
comment on column access.audit.detail is 'More of it; never a value of a student';

create function access.refuse_change() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'entries of % are only added', tg_relid::regclass;
end $$;
comment on function access.refuse_change() is 'Keeps records as they were written';

create trigger audit_is_kept
    before update or delete or truncate on access.audit
    for each statement execute function access.refuse_change();

-- Sessions and tokens.
create table access.token_key (
    key_id     text collate "C" not null,
    inner_key  bytea not null,
    outer_key  bytea not null,
    made_at    timestamptz not null default now(),
    ended_at   timestamptz,
    constraint token_key_key primary key (key_id)
);
comment on table access.token_key is
    'Keys that sign tokens; nobody but the owner reads them. Tokens of an ended key are refused';
comment on column access.token_key.key_id is 'Name of the key, in the token';
comment on column access.token_key.inner_key is 'The key for the inner hash of HMAC';
comment on column access.token_key.outer_key is 'The key for the outer hash of HMAC';
comment on column access.token_key.made_at is 'When it was made; the newest signs';
comment on column access.token_key.ended_at is 'When it ended; null while it counts';

create table access.used_token (
    token_id    text collate "C" not null,
    expires_at  timestamptz not null,
    constraint used_token_key primary key (token_id)
);
comment on table access.used_token is 'Tokens for one use that were used, until they expire';
comment on column access.used_token.token_id is 'jti of the token';
comment on column access.used_token.expires_at is 'When the token is no good in any case';

create table access.session (
    backend_pid   integer not null,
    marker        oid not null,
    email         text collate "C" not null,
    means         text collate "C" not null,
    signed_in_at  timestamptz not null,
    expires_at    timestamptz not null,
    only_in       xid8,
    constraint session_key primary key (backend_pid),
    constraint session_means_known check (means in ('token', 'assertion'))
);
comment on table access.session is 'Sessions in which somebody is signed in';
comment on column access.session.backend_pid is 'Process of the server that has the session';
comment on column access.session.marker is
    'Type in that session''s temporary schema, of the owner: it is gone when the session is';
comment on column access.session.email is 'Who is signed in';
comment on column access.session.means is 'token, or assertion: a login that may name its viewer did';
comment on column access.session.signed_in_at is 'When';
comment on column access.session.expires_at is 'Until when';
comment on column access.session.only_in is 'Transaction for which it counts; null: for the session';
