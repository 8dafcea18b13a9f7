-- When a run was deleted, for those who delete for good what was deleted long ago.
ALTER TABLE tracking.run ADD COLUMN deleted_ms BIGINT;

CREATE TABLE tracking.registered_model (
  name VARCHAR(256) NOT NULL PRIMARY KEY,
  description VARCHAR(5000),
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL,
  last_version BIGINT NOT NULL
);

CREATE TABLE tracking.registered_model_tag (
  name VARCHAR(256) NOT NULL REFERENCES tracking.registered_model (name)
    ON UPDATE CASCADE ON DELETE CASCADE,
  tag_key VARCHAR(250) NOT NULL,
  tag_value VARCHAR(100000) NOT NULL,
  PRIMARY KEY (name, tag_key)
);

CREATE TABLE tracking.model_version (
  name VARCHAR(256) NOT NULL REFERENCES tracking.registered_model (name)
    ON UPDATE CASCADE ON DELETE CASCADE,
  version BIGINT NOT NULL,
  description VARCHAR(5000),
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL,
  stage VARCHAR(20) NOT NULL,
  source VARCHAR(2000) NOT NULL,
  location VARCHAR(2000) NOT NULL,
  run_id VARCHAR(32) NOT NULL,
  run_link VARCHAR(500) NOT NULL,
  model_id VARCHAR(34) NOT NULL,
  PRIMARY KEY (name, version)
);
CREATE INDEX tracking.version_by_run ON tracking.model_version (run_id);

CREATE TABLE tracking.model_version_tag (
  name VARCHAR(256) NOT NULL,
  version BIGINT NOT NULL,
  tag_key VARCHAR(250) NOT NULL,
  tag_value VARCHAR(100000) NOT NULL,
  PRIMARY KEY (name, version, tag_key),
  FOREIGN KEY (name, version) REFERENCES tracking.model_version (name, version)
    ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE tracking.model_alias (
  name VARCHAR(256) NOT NULL,
  alias VARCHAR(255) NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (name, alias),
  FOREIGN KEY (name, version) REFERENCES tracking.model_version (name, version)
    ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE tracking.logged_model (
  id VARCHAR(34) NOT NULL PRIMARY KEY,
  experiment_id BIGINT NOT NULL REFERENCES tracking.experiment (id),
  name VARCHAR(500) NOT NULL,
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL,
  status VARCHAR(30) NOT NULL,
  model_type VARCHAR(500) NOT NULL,
  source_run_id VARCHAR(32) NOT NULL
);
CREATE INDEX tracking.logged_model_by_experiment ON tracking.logged_model (experiment_id, name);

CREATE TABLE tracking.logged_model_param (
  model_id VARCHAR(34) NOT NULL REFERENCES tracking.logged_model (id) ON DELETE CASCADE,
  param_key VARCHAR(250) NOT NULL,
  param_value VARCHAR(6000) NOT NULL,
  PRIMARY KEY (model_id, param_key)
);

CREATE TABLE tracking.logged_model_tag (
  model_id VARCHAR(34) NOT NULL REFERENCES tracking.logged_model (id) ON DELETE CASCADE,
  tag_key VARCHAR(250) NOT NULL,
  tag_value VARCHAR(8000) NOT NULL,
  PRIMARY KEY (model_id, tag_key)
);

CREATE TABLE tracking.logged_model_metric (
  model_id VARCHAR(34) NOT NULL REFERENCES tracking.logged_model (id) ON DELETE CASCADE,
  run_id VARCHAR(32) NOT NULL,
  metric_key VARCHAR(250) NOT NULL,
  at_ms BIGINT NOT NULL,
  step BIGINT NOT NULL,
  metric_value DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (model_id, run_id, metric_key, at_ms, step, metric_value)
);

CREATE TABLE tracking.run_model (
  run_id VARCHAR(32) NOT NULL REFERENCES tracking.run (id) ON DELETE CASCADE,
  model_id VARCHAR(34) NOT NULL REFERENCES tracking.logged_model (id) ON DELETE CASCADE,
  is_output BOOLEAN NOT NULL,
  step BIGINT NOT NULL,
  PRIMARY KEY (run_id, model_id, is_output)
);
