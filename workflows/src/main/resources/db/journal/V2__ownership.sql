-- Who owns what. A fingerprint is held by the one attempt that works on it: null values may repeat in a
-- unique column, so that a closed attempt holds nothing.
alter table attempt add column held char(64);
alter table attempt add column until timestamp(3) with time zone;
create unique index attempt_held on attempt (held);

-- A device slot in use: the primary key allows one user.
create table slot (
  name varchar(60) primary key,
  run_id varchar(300) not null,
  step varchar(16) not null
);

-- What a run was asked for as, beside its state; see submission.json.
alter table run add column configuration char(64);
alter table run add column sweep varchar(300);
alter table run add column priority int default 0 not null;
-- Last change of run.json as milliseconds since 1970: tells a row that is behind its file.
alter table run add column written bigint default 0 not null;
create index run_by_configuration on run (configuration);
create index run_by_state on run (state);
create index run_by_name on run (name);
