-- The state as people mean it: a run that waits for a device or for another's output is queued.
alter table run add column shown varchar(16);
update run set shown = state;
create index run_by_shown on run (shown);
