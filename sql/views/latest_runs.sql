-- latest_runs: what was loaded, held or refused, the newest first.
-- Grain:   one row per run_id.
-- Units:   rows of files; seconds.
-- Privacy: names of files and counts; no student's value.
-- Reads:   homeroom.run.  Readers: homeroom_reader.
create or replace view report.latest_runs as
select
    r.run_id,
    r.started_at,
    r.source,
    r.path,
    r.dataset,
    r.status,
    r.reason,
    r.rows_read,
    r.rows_loaded,
    r.rows_unchanged,
    r.rows_duplicate,
    r.rows_quarantined,
    r.rows_pending,
    r.rows_skipped,
    r.num_issues,
    r.seconds,
    r.undone_by
from homeroom.run as r
order by r.run_id desc;

grant select on report.latest_runs to homeroom_reader;
comment on view report.latest_runs is 'What was loaded, held or refused, the newest first';
comment on column report.latest_runs.run_id is 'Number of the run';
comment on column report.latest_runs.started_at is 'When the file was taken up';
comment on column report.latest_runs.source is 'Folder it came from';
comment on column report.latest_runs.path is 'File as it was named to us';
comment on column report.latest_runs.dataset is 'Data set it was taken for';
comment on column report.latest_runs.status is 'loaded, held, waiting or refused; done for an undo';
comment on column report.latest_runs.reason is 'Why it was not loaded';
comment on column report.latest_runs.rows_read is 'Rows of the file: the sum of the next six';
comment on column report.latest_runs.rows_loaded is 'Rows that inserted or changed something';
comment on column report.latest_runs.rows_unchanged is 'Rows that stood in the table already';
comment on column report.latest_runs.rows_duplicate is 'Rows equal to an earlier row of the file';
comment on column report.latest_runs.rows_quarantined is 'Rows set aside with a reason';
comment on column report.latest_runs.rows_pending is 'Rows that wait';
comment on column report.latest_runs.rows_skipped is 'Lines that are no rows';
comment on column report.latest_runs.num_issues is 'Issues found';
comment on column report.latest_runs.seconds is 'Time from seen to done';
comment on column report.latest_runs.undone_by is 'Undo that took the run back; null while it counts';
