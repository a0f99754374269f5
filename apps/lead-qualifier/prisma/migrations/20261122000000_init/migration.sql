-- Columns of type bytea hold personal data, encrypted with a key per tenant.

CREATE TABLE utterances (
  tenant_id text NOT NULL,
  conversation_id text NOT NULL,
  seq integer NOT NULL,
  call_id text NOT NULL,
  speaker text NOT NULL,
  text bytea NOT NULL,
  language text NOT NULL,
  started_at_ms bigint NOT NULL,
  ended_at_ms bigint NOT NULL,
  interrupted boolean NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  CONSTRAINT utterances_pkey PRIMARY KEY (tenant_id, conversation_id, seq)
);
CREATE INDEX utterances_tenant_id_call_id_idx ON utterances (tenant_id, call_id);

CREATE TABLE captured_fields (
  tenant_id text NOT NULL,
  conversation_id text NOT NULL,
  name text NOT NULL,
  call_id text NOT NULL,
  value bytea NOT NULL,
  utterance_seq integer NOT NULL,
  read_back boolean NOT NULL,
  captured_at timestamptz(3) NOT NULL,
  CONSTRAINT captured_fields_pkey PRIMARY KEY (tenant_id, conversation_id, name)
);
CREATE INDEX captured_fields_tenant_id_call_id_idx ON captured_fields (tenant_id, call_id);

CREATE TABLE leads (
  lead_id text NOT NULL,
  tenant_id text NOT NULL,
  call_id text NOT NULL,
  conversation_id text NOT NULL,
  state text NOT NULL,
  category text NOT NULL,
  score integer NOT NULL,
  reasons text[],
  caller_name bytea,
  callback_number bytea,
  callback_number_hash text,
  email bytea,
  email_hash text,
  job_summary bytea,
  preferred_datetime bytea,
  summary bytea NOT NULL,
  to_number bytea,
  language text NOT NULL,
  extracted_by text NOT NULL,
  partial boolean NOT NULL,
  dismissal_reason text,
  explanation text NOT NULL,
  last_utterance_seq integer,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT leads_pkey PRIMARY KEY (lead_id)
);
-- One verdict per conversation, whichever event asks for it first. Calls without a conversation have it empty.
CREATE UNIQUE INDEX leads_tenant_id_call_id_conversation_id_key ON leads (tenant_id, call_id, conversation_id);
-- Lead ids sort by the time they were made: newest first, page by page.
CREATE INDEX leads_tenant_id_lead_id_idx ON leads (tenant_id, lead_id DESC);
CREATE INDEX leads_tenant_id_callback_number_hash_idx ON leads (tenant_id, callback_number_hash);
CREATE INDEX leads_tenant_id_email_hash_idx ON leads (tenant_id, email_hash);

CREATE TABLE outbox_events (
  event_id text NOT NULL,
  tenant_id text NOT NULL,
  subject text NOT NULL,
  event_type text NOT NULL,
  payload bytea NOT NULL,
  traceparent text,
  occurred_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT outbox_events_pkey PRIMARY KEY (event_id)
);
CREATE INDEX outbox_events_created_at_idx ON outbox_events (created_at);

CREATE TABLE processed_events (
  tenant_id text NOT NULL,
  event_id text NOT NULL,
  reaction text NOT NULL,
  processed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT processed_events_pkey PRIMARY KEY (event_id, reaction)
);

CREATE TABLE data_keys (
  tenant_id text NOT NULL,
  purpose text NOT NULL,
  wrapped_key bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT data_keys_pkey PRIMARY KEY (tenant_id, purpose)
);

-- A transaction sees the rows of the tenant it named. After a transaction that named one, the setting is '' and not
-- NULL, which must not be anybody's id either. The owner sees all, or a later migration's UPDATE would change nothing.
ALTER TABLE utterances ENABLE ROW LEVEL SECURITY;
ALTER TABLE utterances FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON utterances TO leads_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON utterances TO leads_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON utterances TO leads_service;

ALTER TABLE captured_fields ENABLE ROW LEVEL SECURITY;
ALTER TABLE captured_fields FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON captured_fields TO leads_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON captured_fields TO leads_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON captured_fields TO leads_service;

ALTER TABLE leads ENABLE ROW LEVEL SECURITY;
ALTER TABLE leads FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON leads TO leads_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON leads TO leads_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON leads TO leads_service;

ALTER TABLE outbox_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON outbox_events TO leads_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON outbox_events TO leads_owner USING (true) WITH CHECK (true);
-- The relay publishes for every tenant, and deletes what it has published; UPDATE is what FOR UPDATE asks for.
CREATE POLICY relay_reads ON outbox_events TO leads_relay USING (true);
GRANT SELECT, INSERT ON outbox_events TO leads_service;
GRANT SELECT, UPDATE, DELETE ON outbox_events TO leads_relay;

ALTER TABLE processed_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE processed_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON processed_events TO leads_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON processed_events TO leads_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON processed_events TO leads_service;

ALTER TABLE data_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE data_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON data_keys TO leads_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON data_keys TO leads_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON data_keys TO leads_service;
