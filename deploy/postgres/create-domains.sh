#!/bin/sh
# Makes every domain's roles and database when a server starts for the first time: the postgres image runs what lies in
# /docker-entrypoint-initdb.d. Passwords come as LEADS_OWNER_PASSWORD and so on; psql reads them from its environment,
# so they stand in no process's arguments.
set -eu
sql="${SQL_FOLDER:-/deploy/postgres}"

for domain in tenants telephony leads notifications metrics; do
  {
    printf '\\set database %s\n' "$domain"
    for role in owner service relay; do
      variable="$(printf '%s_%s_PASSWORD' "$domain" "$role" | tr '[:lower:]' '[:upper:]')"
      printf '\\set %s %s_%s\n' "$role" "$domain" "$role"
      printf '\\getenv %s_password %s\n' "$role" "$variable"
    done
    # A statement that fails must not show its password in the server's log.
    printf 'SET log_min_error_statement = panic;\n'
    cat "$sql/domain.sql"
    printf '\\connect :database\n'
    cat "$sql/schema.sql"
  } | psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres
done
