-- An index of the run folders, which hold the truth.
create table run (
  id varchar(300) primary key,
  name varchar(250) not null,
  state varchar(16) not null,
  created timestamp(3) with time zone not null,
  body clob not null
);
create index run_newest on run (created desc, id);

create table attempt (
  fence bigint generated always as identity primary key,
  run_id varchar(300) not null,
  step varchar(16) not null,
  number int not null,
  fingerprint char(64) not null,
  state varchar(16) not null,
  folder varchar(4000) not null,
  unique (run_id, step, number)
);
create index attempt_by_fingerprint on attempt (fingerprint, fence desc);
create index attempt_by_state on attempt (state);

create table point (
  run_id varchar(300) not null,
  name varchar(250) not null,
  step bigint not null,
  at bigint not null,
  figure double not null,
  primary key (run_id, name, step)
);

create table note (
  run_id varchar(300) not null,
  step varchar(16) not null,
  at bigint not null,
  sentence varchar(4000) not null,
  primary key (run_id, step, at, sentence)
);

-- How far the tracking server has been told: bytes of an attempt's events.jsonl, and the state of
-- the run that it knows. Attempt 0 stands for a reused output, -1 for the artifacts of a step.
create table shipped (
  run_id varchar(300) not null,
  step varchar(16) not null,
  number int not null,
  up_to bigint not null,
  primary key (run_id, step, number)
);

create table shipped_state (
  run_id varchar(300) primary key,
  state varchar(16) not null
);
