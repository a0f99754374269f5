-- Run in a domain's database after domain.sql. What each role may do with a table, the domain's own migrations say.
ALTER SCHEMA public OWNER TO :"owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"service", :"relay";
