GRANT USAGE ON SCHEMA public TO metrics_service;

-- Ids and figures only: no table of this database holds personal data, so none is sealed.

CREATE TABLE voice_stream_logs (
  tenant_id          text           NOT NULL,
  call_id            text           NOT NULL,
  call_sid           text           NOT NULL,
  conversation_id    text           NOT NULL,
  started_at         timestamptz(3) NOT NULL,
  connected_at       timestamptz(3),
  elapsed_ms         integer,
  fell_back          boolean        NOT NULL,
  error_message      text           NOT NULL,
  twilio_start       timestamptz(3),
  openai_connect     timestamptz(3),
  openai_connect_ms  integer,
  greeting_ms        integer,
  first_byte_latency integer,
  messages_in        integer        NOT NULL,
  messages_out       integer        NOT NULL,
  silence_nudges     integer        NOT NULL,
  barge_ins          integer        NOT NULL,
  truncations        integer        NOT NULL,
  result             text           NOT NULL,
  reason             text           NOT NULL,
  adapter            text           NOT NULL,
  ended_at           timestamptz(3) NOT NULL,
  created_at         timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, call_id)
);
CREATE INDEX voice_stream_logs_by_call_sid ON voice_stream_logs (tenant_id, call_sid);
CREATE INDEX voice_stream_logs_window ON voice_stream_logs (tenant_id, started_at);

CREATE TABLE voice_turn_timings (
  tenant_id     text           NOT NULL,
  call_id       text           NOT NULL,
  turn          integer        NOT NULL,
  first_byte_ms integer        NOT NULL,
  heard_gap_ms  integer,
  started_at    timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, call_id, turn)
);
CREATE INDEX voice_turn_timings_window ON voice_turn_timings (tenant_id, started_at);

CREATE TABLE call_facts (
  tenant_id   text           NOT NULL,
  call_id     text           NOT NULL,
  result      text           NOT NULL,
  reason      text           NOT NULL,
  duration_ms bigint         NOT NULL,
  started_at  timestamptz(3) NOT NULL,
  ended_at    timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, call_id)
);
CREATE INDEX call_facts_window ON call_facts (tenant_id, started_at);

CREATE TABLE lead_facts (
  tenant_id  text           NOT NULL,
  lead_id    text           NOT NULL,
  call_id    text           NOT NULL,
  outcome    text           NOT NULL,
  category   text,
  score      integer,
  dismissal  text,
  language   text           NOT NULL,
  partial    boolean        NOT NULL,
  decided_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, lead_id)
);
CREATE INDEX lead_facts_window ON lead_facts (tenant_id, decided_at);

CREATE TABLE processed_events (
  tenant_id    text        NOT NULL,
  event_id     text        NOT NULL,
  reaction     text        NOT NULL,
  processed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (event_id, reaction)
);

-- Row level security. After a transaction the setting is '' and not NULL, hence nullif.
-- The owner has a policy of its own: under FORCE, a migration's backfill would otherwise change no row and not say so.

ALTER TABLE voice_stream_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE voice_stream_logs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON voice_stream_logs TO metrics_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON voice_stream_logs TO metrics_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON voice_stream_logs TO metrics_service;

ALTER TABLE voice_turn_timings ENABLE ROW LEVEL SECURITY;
ALTER TABLE voice_turn_timings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON voice_turn_timings TO metrics_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON voice_turn_timings TO metrics_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON voice_turn_timings TO metrics_service;

ALTER TABLE call_facts ENABLE ROW LEVEL SECURITY;
ALTER TABLE call_facts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON call_facts TO metrics_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON call_facts TO metrics_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON call_facts TO metrics_service;

ALTER TABLE lead_facts ENABLE ROW LEVEL SECURITY;
ALTER TABLE lead_facts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON lead_facts TO metrics_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON lead_facts TO metrics_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON lead_facts TO metrics_service;

ALTER TABLE processed_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE processed_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON processed_events TO metrics_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON processed_events TO metrics_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON processed_events TO metrics_service;
