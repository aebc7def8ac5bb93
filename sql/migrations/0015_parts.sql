-- Where the parts of tables lie that are kept by school year: parts."attendance_daily_2026". They are
-- read and written through their table in schema data only.

set local role homeroom_owner;

create schema parts authorization homeroom_owner;
