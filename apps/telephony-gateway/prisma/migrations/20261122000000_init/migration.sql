GRANT USAGE ON SCHEMA public TO telephony_service, telephony_relay;

CREATE TABLE calls (
  tenant_id       text           NOT NULL,
  call_id         text           PRIMARY KEY,
  call_sid        text           NOT NULL,
  conversation_id text,
  direction       text           NOT NULL DEFAULT 'inbound',
  from_number     bytea,
  from_hash       text,
  to_number       bytea          NOT NULL,
  to_hash         text           NOT NULL,
  state           text           NOT NULL,
  phone_status    text           NOT NULL,
  reason          text           NOT NULL DEFAULT '',
  bridge_instance text,
  handovers       integer        NOT NULL DEFAULT 0,
  traceparent     text,
  started_at      timestamptz(3) NOT NULL,
  ended_at        timestamptz(3),
  duration_ms     bigint         NOT NULL DEFAULT 0,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  updated_at      timestamptz(3) NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX "calls_tenant_id_call_sid_key" ON calls (tenant_id, call_sid);
CREATE INDEX calls_newest_first ON calls (tenant_id, started_at DESC, call_id DESC);

-- Few calls are live at any moment; a bridge that dies takes its own along, and they are wanted within a second.
CREATE INDEX calls_live_by_bridge ON calls (tenant_id, bridge_instance) WHERE ended_at IS NULL;

CREATE TABLE outbox_events (
  event_id    text        PRIMARY KEY,
  tenant_id   text        NOT NULL,
  subject     text        NOT NULL,
  event_type  text        NOT NULL,
  payload     bytea       NOT NULL,
  traceparent text,
  occurred_at timestamptz NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_events_oldest_first ON outbox_events (created_at);

CREATE TABLE processed_events (
  tenant_id    text        NOT NULL,
  event_id     text        NOT NULL,
  reaction     text        NOT NULL,
  processed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (event_id, reaction)
);

CREATE TABLE data_keys (
  tenant_id   text        NOT NULL,
  purpose     text        NOT NULL,
  wrapped_key bytea       NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, purpose)
);

-- Row level security. After a transaction the setting is '' and not NULL, hence nullif.
-- The owner has a policy of its own: under FORCE, a migration's backfill would otherwise change no row and not say so.
ALTER TABLE calls ENABLE ROW LEVEL SECURITY;
ALTER TABLE calls FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON calls TO telephony_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON calls TO telephony_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON calls TO telephony_service;

ALTER TABLE outbox_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON outbox_events TO telephony_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON outbox_events TO telephony_owner USING (true) WITH CHECK (true);
CREATE POLICY relay_reads ON outbox_events TO telephony_relay USING (true);
GRANT SELECT, INSERT ON outbox_events TO telephony_service;
GRANT SELECT, DELETE ON outbox_events TO telephony_relay;

ALTER TABLE processed_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE processed_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON processed_events TO telephony_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON processed_events TO telephony_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON processed_events TO telephony_service;

ALTER TABLE data_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE data_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON data_keys TO telephony_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON data_keys TO telephony_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON data_keys TO telephony_service;
