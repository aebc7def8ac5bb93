-- Was a file of this size ever seen? Asked for each file before it is read.

set local role homeroom_owner;

create index run_by_size on homeroom.run (size_bytes);
