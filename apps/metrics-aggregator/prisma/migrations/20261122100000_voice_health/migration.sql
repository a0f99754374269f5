-- What a stream says of itself beyond its first columns; streams of before have none of it.
ALTER TABLE voice_stream_logs
  ADD COLUMN language            text    NOT NULL DEFAULT '',
  ADD COLUMN false_interruptions integer NOT NULL DEFAULT 0,
  ADD COLUMN overlap_ms          bigint  NOT NULL DEFAULT 0,
  ADD COLUMN model_errors        integer NOT NULL DEFAULT 0,
  -- True when the rollups of its hour and its day hold it: changed in the transaction that changes them, so a fact is in
  -- them once. Facts of before are false and are read as facts until they are rolled up.
  ADD COLUMN rolled_up           boolean NOT NULL DEFAULT false;
CREATE INDEX voice_stream_logs_pending ON voice_stream_logs (tenant_id, started_at) WHERE NOT rolled_up;

-- Sums and sketches of whole hours and whole days (UTC), by language and adapter. A sketch is NULL when nothing was
-- measured; its form is in src/database/sketch-form.ts.
CREATE TABLE voice_health_rollups (
  tenant_id           text           NOT NULL,
  grain               text           NOT NULL CHECK (grain IN ('hour', 'day')),
  starts_at           timestamptz(3) NOT NULL,
  language            text           NOT NULL,
  adapter             text           NOT NULL,
  calls               bigint         NOT NULL,
  fell_back           bigint         NOT NULL,
  model_errors        bigint         NOT NULL,
  silence_nudges      bigint         NOT NULL,
  messages_in         bigint         NOT NULL,
  messages_out        bigint         NOT NULL,
  barge_ins           bigint         NOT NULL,
  false_interruptions bigint         NOT NULL,
  truncations         bigint         NOT NULL,
  overlap_ms          bigint         NOT NULL,
  handshake           bytea,
  first_byte          bytea,
  heard_gap           bytea,
  greeting            bytea,
  PRIMARY KEY (tenant_id, grain, starts_at, language, adapter)
);

-- The level that was last judged of a window, so that only a turn is said, also after a restart. The row is the lock under
-- which the tenant's rollups change.
CREATE TABLE voice_health_states (
  tenant_id      text           NOT NULL,
  window_seconds integer        NOT NULL,
  level          text           NOT NULL DEFAULT 'no_data',
  since          timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, window_seconds)
);

CREATE TABLE outbox_events (
  event_id    text        NOT NULL PRIMARY KEY,
  tenant_id   text        NOT NULL,
  subject     text        NOT NULL,
  event_type  text        NOT NULL,
  payload     bytea       NOT NULL,
  traceparent text,
  occurred_at timestamptz NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_events_created_at_idx ON outbox_events (created_at);

CREATE TABLE data_keys (
  tenant_id   text        NOT NULL,
  purpose     text        NOT NULL,
  wrapped_key bytea       NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, purpose)
);

GRANT USAGE ON SCHEMA public TO metrics_relay;

ALTER TABLE voice_health_rollups ENABLE ROW LEVEL SECURITY;
ALTER TABLE voice_health_rollups FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON voice_health_rollups TO metrics_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON voice_health_rollups TO metrics_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON voice_health_rollups TO metrics_service;

ALTER TABLE voice_health_states ENABLE ROW LEVEL SECURITY;
ALTER TABLE voice_health_states FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON voice_health_states TO metrics_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON voice_health_states TO metrics_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON voice_health_states TO metrics_service;

ALTER TABLE outbox_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON outbox_events TO metrics_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON outbox_events TO metrics_owner USING (true) WITH CHECK (true);
-- The relay publishes for every tenant, and deletes what it has published; UPDATE is what FOR UPDATE asks for.
CREATE POLICY relay_reads ON outbox_events TO metrics_relay USING (true);
GRANT SELECT, INSERT ON outbox_events TO metrics_service;
GRANT SELECT, UPDATE, DELETE ON outbox_events TO metrics_relay;

ALTER TABLE data_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE data_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON data_keys TO metrics_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON data_keys TO metrics_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON data_keys TO metrics_service;
