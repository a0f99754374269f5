-- What leaves the house: owed before it is done, and kept afterwards.

CREATE TABLE deliveries (
  tenant_id text NOT NULL,
  delivery_id text PRIMARY KEY,
  target text NOT NULL CHECK (target IN ('smtp', 'hubspot', 'webhook')),
  kind text NOT NULL CHECK (kind IN ('transcript-mail', 'dismissed-call-mail', 'crm-sync')),
  subject_id text NOT NULL,
  call_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('owed', 'delivered', 'failed', 'unknown')),
  attempts integer NOT NULL DEFAULT 0,
  owed_at timestamptz NOT NULL DEFAULT now(),
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  claimed_by text,
  claimed_until timestamptz,
  traceparent text,
  last_error text NOT NULL DEFAULT '',
  remote_id text NOT NULL DEFAULT '',
  detail text NOT NULL DEFAULT '',
  reasons text[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
-- One call never makes two deliveries of a kind to a target, however often its event arrives.
CREATE UNIQUE INDEX deliveries_key ON deliveries (tenant_id, target, subject_id, kind);
-- Ids grow with time, so they are the order of the list and its cursor.
CREATE INDEX deliveries_by_age ON deliveries (tenant_id, delivery_id);
CREATE INDEX deliveries_by_call ON deliveries (tenant_id, call_id);
-- The sweeper reads what is due across tenants; everything delivered stays out of this index.
CREATE INDEX deliveries_owed ON deliveries (next_attempt_at) WHERE state = 'owed';

CREATE TABLE delivery_attempts (
  tenant_id text NOT NULL,
  delivery_id text NOT NULL REFERENCES deliveries (delivery_id) ON DELETE CASCADE,
  attempt integer NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  latency_ms integer,
  outcome text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'delivered', 'retry', 'failed')),
  status integer NOT NULL DEFAULT 0,
  remote_request_id text NOT NULL DEFAULT '',
  redacted_body text NOT NULL DEFAULT '',
  error text NOT NULL DEFAULT '',
  traceparent text,
  PRIMARY KEY (delivery_id, attempt)
);

CREATE TABLE connections (
  tenant_id text NOT NULL,
  target text NOT NULL CHECK (target IN ('hubspot', 'webhook')),
  enabled boolean NOT NULL,
  secret_sealed bytea NOT NULL,
  url_sealed bytea,
  disabled_reason text NOT NULL DEFAULT '',
  parked_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, target)
);

CREATE TABLE crm_links (
  tenant_id text NOT NULL,
  target text NOT NULL,
  contact_hash text NOT NULL,
  remote_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, target, contact_hash)
);

CREATE TABLE outbox_events (
  event_id text PRIMARY KEY,
  tenant_id text NOT NULL,
  subject text NOT NULL,
  event_type text NOT NULL,
  payload bytea NOT NULL,
  traceparent text,
  occurred_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_events_by_age ON outbox_events (created_at);

CREATE TABLE processed_events (
  tenant_id text NOT NULL,
  event_id text NOT NULL,
  reaction text NOT NULL,
  processed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (event_id, reaction)
);

CREATE TABLE data_keys (
  tenant_id text NOT NULL,
  purpose text NOT NULL,
  wrapped_key bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, purpose)
);

-- Every row belongs to one tenant, and a session sees the rows of the tenant that it names. After a transaction the
-- setting is '' and not NULL, hence nullif. The owner has a policy of its own: under FORCE a migration of data would
-- otherwise touch no row and say nothing.

ALTER TABLE deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON deliveries TO notifications_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON deliveries TO notifications_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON deliveries TO notifications_service;

ALTER TABLE delivery_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON delivery_attempts TO notifications_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON delivery_attempts TO notifications_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON delivery_attempts TO notifications_service;

ALTER TABLE connections ENABLE ROW LEVEL SECURITY;
ALTER TABLE connections FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON connections TO notifications_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON connections TO notifications_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON connections TO notifications_service;

ALTER TABLE crm_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE crm_links FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON crm_links TO notifications_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON crm_links TO notifications_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON crm_links TO notifications_service;

ALTER TABLE outbox_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON outbox_events TO notifications_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON outbox_events TO notifications_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON outbox_events TO notifications_service;

ALTER TABLE processed_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE processed_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON processed_events TO notifications_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON processed_events TO notifications_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON processed_events TO notifications_service;

ALTER TABLE data_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE data_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON data_keys TO notifications_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON data_keys TO notifications_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON data_keys TO notifications_service;

-- The relay sees across tenants in two places: events on their way out, and which deliveries are due. Of a delivery it
-- may read what it needs to enqueue it, and only while it is owed.
CREATE POLICY relay_reads ON outbox_events TO notifications_relay USING (true);
GRANT SELECT, UPDATE, DELETE ON outbox_events TO notifications_relay;
CREATE POLICY relay_reads_owed ON deliveries FOR SELECT TO notifications_relay USING (state = 'owed');
GRANT SELECT (tenant_id, delivery_id, target, state, attempts, next_attempt_at, claimed_until) ON deliveries TO notifications_relay;
