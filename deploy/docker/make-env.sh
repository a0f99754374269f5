#!/bin/sh
# Writes .env for docker-compose.yml: a random secret for everything inside, and empty lines for what only you know.
# Usage: deploy/docker/make-env.sh [file]
set -eu
file="${1:-.env}"
if [ -e "$file" ]; then
  echo "$file is there already: its secrets open your data, so it is left alone" >&2
  exit 1
fi
umask 077

# A letter comes first: a value that looks like a number would be read as one by the bus.
secret() {
  printf 's'
  head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n'
}

{
  echo '# What only you know'
  echo '# Where the phone network and your tenants reach this installation; a TLS end point leads there to the port below.'
  echo 'PUBLIC_URL='
  echo 'PUBLIC_PORT=8080'
  echo 'TWILIO_ACCOUNT_SID='
  echo 'TWILIO_AUTH_TOKEN='
  echo 'OPENAI_API_KEY='
  echo '# Only for tenants whose assistant speaks by ElevenLabs'
  echo 'ELEVENLABS_API_KEY='
  echo 'SMTP_URL='
  echo 'MAIL_FROM='
  echo
  echo '# Secrets of this installation: keep them with its backups, apart from its data'
  echo "MASTER_KEY=$(head -c 32 /dev/urandom | base64)"
  for name in OPERATOR_TOKEN STREAM_TOKEN_SECRET POSTGRES_PASSWORD REDIS_PASSWORD NATS_STORAGE_KEY; do
    echo "$name=$(secret)"
  done
  for domain in TENANTS TELEPHONY LEADS NOTIFICATIONS METRICS; do
    for role in OWNER SERVICE RELAY; do
      echo "${domain}_${role}_PASSWORD=$(secret)"
    done
  done
  for user in MIGRATOR TELEPHONY_GATEWAY REALTIME_BRIDGE LEAD_QUALIFIER NOTIFIER METRICS_AGGREGATOR TENANT_GATEWAY; do
    echo "${user}_NATS_PASSWORD=$(secret)"
  done
} >"$file"
echo "wrote $file: fill in its first lines" >&2
