-- homeroom.name_family: which files are versions of one another by their names.
begin;
select plan(9);

select is(homeroom.name_family('att_2025-11-03.csv'), 'att_#-#-#.csv', 'each run of digits is one #');
select is(homeroom.name_family('/drop/2025/sis/Att 1.CSV'), 'att #.csv',
    'folders and capital letters do not count');
select is(homeroom.name_family('week.zip/att_1.csv'), 'att_#.csv', 'nor does the archive');
select is(homeroom.name_family('students.csv'), 'students.csv', 'a name without digits is itself');
select is(homeroom.name_family('007'), '#', 'a name may be all digits');
select is(homeroom.name_family(''), '', 'no name is no name');
select is(homeroom.name_family('folder/'), '', 'a folder has none');
select is(homeroom.name_family(null), null, 'null is null');
select is(homeroom.name_family(E'a\n1.csv'), E'a\n#.csv', 'a line break is part of a name');

select * from finish();
rollback;
