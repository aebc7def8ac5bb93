-- Who may see what, part 2: who sits behind a session. Tokens are signed by HMAC-SHA-256 (RFC 2104)
-- with the server's own sha256(). A setting of the session says nothing: sign_in() binds a person to
-- it in access.session, by the server's process and a marker that only this session can have.
-- Functions read tables that come after them: their bodies are not checked now.

set local role homeroom_owner;
set local check_function_bodies = off;

create function access.record(of_kind text, of_subject text, more jsonb default '{}') returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into access.audit (kind, login, viewer, subject, detail)
    values (of_kind, session_user, access.viewer(), of_subject, more);
end $$;
comment on function access.record(text, text, jsonb) is 'Adds an entry to access.audit';

create function access.random_bytes() returns bytea
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
    select sha256(convert_to(
        gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
$$;
comment on function access.random_bytes() is '32 bytes that nobody can guess (three random UUIDs)';

create function access.padded_key(key bytea, pad integer) returns bytea
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    padded bytea := decode(repeat(lpad(to_hex(pad), 2, '0'), 64), 'hex');
begin
    for i in 0 .. length(key) - 1 loop
        padded := set_byte(padded, i, get_byte(key, i) # pad);
    end loop;
    return padded;
end $$;
comment on function access.padded_key(bytea, integer) is
    'A key of at most 64 bytes, each combined with the pad: 54 for HMAC''s inner hash, 92 for its outer';

create function access.hmac(message bytea, inner_key bytea, outer_key bytea) returns bytea
language sql immutable parallel safe
as $$
    select pg_catalog.sha256(outer_key || pg_catalog.sha256(inner_key || message))
$$;
comment on function access.hmac(bytea, bytea, bytea) is 'HMAC-SHA-256 with a padded key';

create function access.base64url(bytes bytea) returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select translate(encode(bytes, 'base64'), E'+/=\n', '-_')
$$;
comment on function access.base64url(bytea) is 'Base 64 without + / = (RFC 4648, section 5)';

create function access.from_base64url(word text) returns bytea
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select decode(translate(word, '-_', '+/') || repeat('=', -length(word) & 3), 'base64')
$$;
comment on function access.from_base64url(text) is 'What access.base64url was made of';

create function access.make_token_key() returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    key bytea := access.random_bytes();
    name text := left(encode(access.random_bytes(), 'hex'), 8);
begin
    insert into access.token_key (key_id, inner_key, outer_key, made_at)
    values (name, access.padded_key(key, 54), access.padded_key(key, 92), clock_timestamp());
    return name;
end $$;
comment on function access.make_token_key() is
    'A new key: tokens are signed with it from now on. End the older ones by token_key.ended_at';

select access.make_token_key();

create function access.sign(claims jsonb) returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    key access.token_key;
    body text;
begin
    select k.*
    into key
    from access.token_key as k
    where k.ended_at is null
    order by k.made_at desc
    limit 1;
    if key.key_id is null then
        raise exception 'no key signs tokens' using hint = 'select access.make_token_key()';
    end if;
    body := 'hr1.' || key.key_id || '.' || access.base64url(convert_to(claims::text, 'UTF8'));
    return body || '.' || access.base64url(
        access.hmac(convert_to(body, 'UTF8'), key.inner_key, key.outer_key));
end $$;
comment on function access.sign(jsonb) is 'A token of these claims: hr1.KEY.CLAIMS.HMAC';

create function access.issue_token(
    of_email text, lifetime interval, for_login text default null, is_for_one_use boolean default false
) returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    longest interval := (select s.value::interval from access.setting as s where s.name = 'longest_token');
    id text := gen_random_uuid()::text;
    ends timestamptz := clock_timestamp() + lifetime;
begin
    if not access.is_live(lower(of_email)) then
        raise exception '% is nobody who may sign in', lower(of_email)
            using errcode = 'invalid_parameter_value',
                hint = 'people are those of data.staff with this e-mail, and those of access.outsider';
    end if;
    if lifetime <= interval '0' or lifetime > longest then
        raise exception 'a token is good for % at most', longest
            using errcode = 'invalid_parameter_value', hint = 'access.setting has longest_token';
    end if;
    perform access.record('token', lower(of_email), jsonb_build_object(
        'token', id, 'expires_at', ends, 'login', for_login, 'once', is_for_one_use));
    return access.sign(jsonb_strip_nulls(jsonb_build_object(
        'sub', lower(of_email),
        'aud', current_database(),
        'login', for_login,
        'iat', floor(extract(epoch from clock_timestamp())),
        'exp', floor(extract(epoch from ends)),
        'jti', id,
        'once', is_for_one_use
    )));
end $$;
comment on function access.issue_token(text, interval, text, boolean) is
    'A token with which the person can sign in to this database for a while: on one login only, or '
    'once only, where that is asked';

-- Says why a token is no good; nothing of it is believed before its signature is right.
create function access.check_token(token text, out claims jsonb, out refusal text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    parts text[] := string_to_array(token, '.');
    key access.token_key;
    salt bytea := access.random_bytes();
    is_right boolean;
begin
    refusal := 'not a token';
    if token is null or length(token) > 4096 or cardinality(parts) <> 4 or parts[1] <> 'hr1' then
        return;
    end if;
    select k.*
    into key
    from access.token_key as k
    where k.key_id = parts[2]
        and k.ended_at is null;
    if key.key_id is null then
        refusal := 'signed with a key that does not count';
        return;
    end if;
    -- Hashed with a salt before they are compared: the time tells nothing of where they differ.
    begin
        is_right := sha256(salt || access.from_base64url(parts[4])) = sha256(salt || access.hmac(
            convert_to(array_to_string(parts[1:3], '.'), 'UTF8'), key.inner_key, key.outer_key));
    exception when others then
        is_right := false;
    end;
    if not coalesce(is_right, false) then
        refusal := 'the signature is wrong';
        return;
    end if;
    claims := convert_from(access.from_base64url(parts[3]), 'UTF8')::jsonb;
    refusal := case
        when claims ->> 'aud' is distinct from current_database()::text then 'made for another database'
        when claims ? 'login' and claims ->> 'login' <> session_user then 'made for another login'
        when coalesce((claims ->> 'exp')::numeric, 0) <= extract(epoch from clock_timestamp())
            then 'expired'
        when not access.is_live(claims ->> 'sub') then 'of nobody who may sign in'
    end;
end $$;
comment on function access.check_token(text) is 'The claims of a token, and why it is refused';

create function access.unbind() returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    old access.session;
    marker_name text;
begin
    delete from access.session as s
    where s.backend_pid = pg_backend_pid()
        or s.expires_at < clock_timestamp() - interval '1 day'
        or s.signed_in_at < pg_postmaster_start_time();
    for marker_name in
        select c.relname
        from pg_class as c
        where c.relnamespace = pg_my_temp_schema()
            and c.relowner = 'homeroom_owner'::regrole
            and c.relkind = 'c'
            and c.relname like 'homeroom\_session\_%'
    loop
        execute format('drop type pg_temp.%I', marker_name);
    end loop;
    return null;
end $$;
comment on function access.unbind() is 'Nobody is signed in in this session any more';

create function access.bind(
    of_email text, by_means text, until timestamptz, for_transaction boolean
) returns timestamptz
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    marker_name text := 'homeroom_session_' || left(encode(access.random_bytes(), 'hex'), 16);
    ends timestamptz := least(until, clock_timestamp() + (
        select s.value::interval from access.setting as s where s.name = 'longest_session'));
begin
    execute format('create type pg_temp.%I as ()', marker_name);
    insert into access.session as s (
        backend_pid, marker, email, means, signed_in_at, expires_at, only_in
    )
    values (
        pg_backend_pid(),
        (
            select c.oid
            from pg_class as c
            where c.relnamespace = pg_my_temp_schema()
                and c.relname = marker_name
        ),
        of_email,
        by_means,
        clock_timestamp(),
        ends,
        case when for_transaction then pg_current_xact_id() end
    );
    return ends;
end $$;
comment on function access.bind(text, text, timestamptz, boolean) is
    'The person is signed in in this session from now on';

create function access.viewer() returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    found_email text;
begin
    select s.email
    into found_email
    from access.session as s
    where s.backend_pid = pg_backend_pid()
        and s.expires_at > clock_timestamp()
        and s.signed_in_at >= pg_postmaster_start_time()
        and (s.only_in is null or s.only_in = pg_current_xact_id_if_assigned())
        and exists (
            select
            from pg_class as c
            where c.oid = s.marker
                and c.relnamespace = pg_my_temp_schema()
                and c.relowner = 'homeroom_owner'::regrole
        );
    if found_email is null then
        select l.email
        into found_email
        from access.login as l
        where l.login = session_user;
    end if;
    return case when access.is_live(found_email) then found_email end;
end $$;
comment on function access.viewer() is
    'E-mail of who is signed in in this session, or whose own login it is; null: nobody';

create function access.refuse(of_kind text, of_subject text, why text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform access.record(of_kind, of_subject, jsonb_build_object('reason', why));
    raise log 'homeroom: % of login %: %', of_kind, session_user, why;
end $$;
comment on function access.refuse(text, text, text) is
    'Records a refusal, in the server''s log too: that stays when the transaction is taken back';

create function access.sign_in(token text, for_transaction boolean default false)
returns table (is_signed_in boolean, viewer text, reason text, expires_at timestamptz)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    said record;
begin
    perform access.unbind();
    select c.claims, c.refusal
    into said
    from access.check_token(sign_in.token) as c;
    if said.refusal is null and (said.claims ->> 'once')::boolean then
        delete from access.used_token as u
        where u.expires_at < clock_timestamp() - interval '1 day';
        insert into access.used_token (token_id, expires_at)
        values (said.claims ->> 'jti', to_timestamp((said.claims ->> 'exp')::numeric))
        on conflict do nothing;
        if not found then
            said.refusal := 'used before';
        end if;
    end if;
    if said.refusal is not null then
        perform access.refuse('sign_in_refused', coalesce(said.claims ->> 'sub', ''), said.refusal);
        return query select false, null::text, said.refusal, null::timestamptz;
        return;
    end if;
    expires_at := access.bind(said.claims ->> 'sub', 'token',
        to_timestamp((said.claims ->> 'exp')::numeric), sign_in.for_transaction);
    perform access.record('sign_in', said.claims ->> 'sub', jsonb_build_object(
        'token', said.claims ->> 'jti', 'expires_at', expires_at));
    return query select true, said.claims ->> 'sub', null::text, expires_at;
end $$;
comment on function access.sign_in(text, boolean) is
    'Signs the token''s person in in this session, or in this transaction only. A refused token '
    'signs out, is recorded, and is no error: that would take the record back';

create function access.sign_out() returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform access.record('sign_out', coalesce(access.viewer(), ''));
    perform access.unbind();
end $$;
comment on function access.sign_out() is 'Nobody is signed in in this session any more';

create function access.assert_viewer(name text, for_transaction boolean default false)
returns table (is_signed_in boolean, viewer text, reason text, expires_at timestamptz)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    person text;
    refusal text;
begin
    perform access.unbind();
    select min(p.email)
    into person
    from access.people_named(assert_viewer.name) as p
    having count(distinct p.email) = 1;
    refusal := case
        when not exists (
            select
            from access.login as l
            where l.login = session_user
                and l.may_assert_viewer
        ) then 'this login may not name its viewer'
        when person is null then 'nobody, or more than one person, has this name'
    end;
    if refusal is not null then
        perform access.refuse('assert_refused', coalesce(person, ''), refusal);
        return query select false, null::text, refusal, null::timestamptz;
        return;
    end if;
    expires_at := access.bind(person, 'assertion', 'infinity', assert_viewer.for_transaction);
    perform access.record('assert_viewer', person, jsonb_build_object('expires_at', expires_at));
    return query select true, person, null::text, expires_at;
end $$;
comment on function access.assert_viewer(text, boolean) is
    'For a BI server''s login that was granted it: the viewer is who it says (e-mail or login name). '
    'Whoever has that login''s password can name anyone';
