-- Columns of type bytea are encrypted with a key per tenant; secret_hash is a SHA-256.

CREATE TABLE tenants (
  tenant_id text NOT NULL,
  name bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT tenants_pkey PRIMARY KEY (tenant_id)
);

CREATE TABLE api_keys (
  key_id text NOT NULL,
  tenant_id text NOT NULL,
  label text NOT NULL,
  secret_hash bytea NOT NULL,
  scopes text[],
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  last_used_at timestamptz(3),
  revoked_at timestamptz(3),
  CONSTRAINT api_keys_pkey PRIMARY KEY (key_id)
);
CREATE INDEX api_keys_tenant_id_idx ON api_keys (tenant_id);

-- Unique over all tenants: a constraint sees the rows that row level security hides.
CREATE TABLE phone_numbers (
  number_hash text NOT NULL,
  tenant_id text NOT NULL,
  number bytea NOT NULL,
  label text NOT NULL,
  active boolean NOT NULL,
  position integer NOT NULL,
  CONSTRAINT phone_numbers_pkey PRIMARY KEY (number_hash)
);
CREATE INDEX phone_numbers_tenant_id_position_idx ON phone_numbers (tenant_id, position);

CREATE TABLE assistant_profiles (
  tenant_id text NOT NULL,
  profile bytea NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT assistant_profiles_pkey PRIMARY KEY (tenant_id)
);

CREATE TABLE alert_settings (
  tenant_id text NOT NULL,
  settings bytea NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT alert_settings_pkey PRIMARY KEY (tenant_id)
);

CREATE TABLE audit_log (
  entry_id text NOT NULL,
  tenant_id text NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  occurred_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT audit_log_pkey PRIMARY KEY (entry_id)
);
CREATE INDEX audit_log_tenant_id_entry_id_idx ON audit_log (tenant_id, entry_id DESC);

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

CREATE TABLE data_keys (
  tenant_id text NOT NULL,
  purpose text NOT NULL,
  wrapped_key bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT data_keys_pkey PRIMARY KEY (tenant_id, purpose)
);

-- A transaction sees the rows of the tenant it named. After a transaction that named one, the setting is '' and not
-- NULL, which must not be anybody's id either. The owner sees all, or a later migration's UPDATE would change nothing.
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tenants TO tenants_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON tenants TO tenants_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (name) ON tenants TO tenants_service;

ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON api_keys TO tenants_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON api_keys TO tenants_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (last_used_at, revoked_at) ON api_keys TO tenants_service;

ALTER TABLE phone_numbers ENABLE ROW LEVEL SECURITY;
ALTER TABLE phone_numbers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON phone_numbers TO tenants_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON phone_numbers TO tenants_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON phone_numbers TO tenants_service;

ALTER TABLE assistant_profiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE assistant_profiles FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON assistant_profiles TO tenants_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON assistant_profiles TO tenants_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (profile, updated_at) ON assistant_profiles TO tenants_service;

ALTER TABLE alert_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE alert_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON alert_settings TO tenants_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON alert_settings TO tenants_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (settings, updated_at) ON alert_settings TO tenants_service;

ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_log TO tenants_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON audit_log TO tenants_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON audit_log TO tenants_service;

ALTER TABLE outbox_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON outbox_events TO tenants_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON outbox_events TO tenants_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON outbox_events TO tenants_service;
-- The relay publishes for every tenant, and deletes what it has published.
CREATE POLICY relay_reads ON outbox_events TO tenants_relay USING (true);
GRANT SELECT, DELETE ON outbox_events TO tenants_relay;

ALTER TABLE data_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE data_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON data_keys TO tenants_service
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY owner_may_migrate ON data_keys TO tenants_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON data_keys TO tenants_service;

-- Whose a key is can only be asked before the tenant is known. The function runs as the owner, answers for exactly one
-- key id, and is all that the service may see of other tenants.
CREATE FUNCTION find_api_key(sought text)
  RETURNS TABLE (tenant_id text, secret_hash bytea, scopes text[])
  LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT k.tenant_id, k.secret_hash, k.scopes FROM public.api_keys k WHERE k.key_id = sought AND k.revoked_at IS NULL
  $$;
REVOKE ALL ON FUNCTION find_api_key(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_api_key(text) TO tenants_service;
