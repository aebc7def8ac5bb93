-- Where a row came from, asked in SQL.

set local role homeroom_owner;

create function homeroom.explain(dataset text, variadic key text[])
returns table (
    is_standing       boolean,
    run_id            bigint,
    line              bigint,
    path              text,
    source            text,
    raw_key           text,
    sha256            text,
    contract_version  text,
    engine_version    text,
    loaded_at         timestamptz,
    replaced_by       bigint,
    row_values        jsonb,
    changes           jsonb
)
language plpgsql stable
as $$
declare
    name text := explain.dataset;
    key_columns text[];
    condition text;
begin
    if not exists (
        select
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname = 'data'
            and c.relname = name
            and c.relkind in ('r', 'p')
    ) then
        raise exception 'there is no table data.%', name
            using errcode = 'undefined_table', hint = 'homeroom.dataset lists the data sets';
    end if;
    select array_agg(a.attname::text order by k.position)
    into key_columns
    from pg_index as i
    join pg_class as c on c.oid = i.indexrelid
    cross join unnest(i.indkey) with ordinality as k (attnum, position)
    join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
    where i.indrelid = format('data.%I', name)::regclass
        and i.indisunique
        and right(c.relname, 5) = '__key';
    key_columns := coalesce(key_columns, array['_line']);
    if cardinality(key_columns) <> cardinality(key) then
        raise exception 'data.% is asked by % value(s), % given', name, cardinality(key_columns),
            cardinality(key)
            using errcode = 'invalid_parameter_value',
                hint = format('give %s, in this order; null for none',
                    array_to_string(key_columns, ', '));
    end if;
    select string_agg(
        format('t.%I::text %s', k.column_name,
            coalesce('= ' || quote_literal(k.value), 'is null')), ' and ')
    into condition
    from unnest(key_columns, key) as k (column_name, value);
    return query execute format(
        $sql$
        select
            o.is_standing,
            o._run,
            o._line,
            r.path,
            r.source,
            r.raw_key,
            r.sha256,
            r.contract_version,
            r.engine_version,
            r.started_at,
            o.replaced_by,
            o.row_values - array['_run', '_line', '_since', '_superseded_by', '_superseded_at', '_until'],
            coalesce(c.changes, '{}')
        from (
            select true as is_standing, t._run, t._line, null::bigint as replaced_by,
                to_jsonb(t) as row_values, null::bigint as until
            from data.%1$I as t
            where %2$s
            union all
            select false, t._run, t._line, t._superseded_by, to_jsonb(t), t._until
            from history.%1$I as t
            where %2$s
        ) as o
        join homeroom.run as r on r.run_id = o._run
        left join lateral (
            select jsonb_object_agg(g.column_name, g.rules) as changes
            from (
                select h.column_name, jsonb_object_agg(h.rule, h.num_values) as rules
                from homeroom.change as h
                where h.run_id = r.run_id
                group by h.column_name
            ) as g
        ) as c on true
        order by o.until desc nulls first, o._run desc, o._line
        $sql$, name, condition);
end $$;
comment on function homeroom.explain(text, text[]) is
    'The row of a table with this key (text, in the key''s order), and what it was before, the newest '
    'first: file, line, run and contract version that each came from, the run that replaced it, and '
    'how many values each rule changed in each column of that file. `homeroom explain` also shows '
    'the text as it stood in the file';
