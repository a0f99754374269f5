-- The roles and the database of one domain, as an administrator makes them once on a server. Psql variables: database,
-- owner, service and relay with their passwords. Run schema.sql in the new database afterwards.
--
-- owner    owns the database; only the migrator signs in with it
-- service  what the running service is: owns nothing, and row-level security confines it to one tenant at a time
-- relay    carries owed events and deliveries to where they go, of all tenants, and may read no other table
--
-- PostgreSQL's defaults for a new role are the right ones: no superuser, no BYPASSRLS, may create nothing.
CREATE ROLE :"owner" LOGIN;
CREATE ROLE :"service" LOGIN;
CREATE ROLE :"relay" LOGIN;
ALTER ROLE :"owner" PASSWORD :'owner_password';
ALTER ROLE :"service" PASSWORD :'service_password';
ALTER ROLE :"relay" PASSWORD :'relay_password';
-- An administrator who is no superuser may give a database only to a role that it belongs to.
GRANT :"owner" TO CURRENT_USER;
CREATE DATABASE :"database" OWNER :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"service", :"relay";
