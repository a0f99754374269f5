/** What one user may do; subjects may hold wildcards as whole tokens. */
export interface NatsPermissions {
  readonly publish: { readonly allow: readonly string[] };
  readonly subscribe: { readonly allow: readonly string[] };
  /** Where its replies come, `_INBOX_<user>` unless said otherwise. */
  readonly inboxPrefix?: string;
  /** May answer where a question says, whatever subject that is; it may unless said otherwise. */
  readonly allowResponses?: boolean;
}

/** A value that nats-server takes from its environment, so that it stands in no file. */
export interface FromEnvironment {
  readonly variable: string;
}

export interface NatsUser {
  readonly name: string;
  readonly password: string | FromEnvironment;
  /** An administrator has none. */
  readonly permissions: NatsPermissions | undefined;
}

export interface NatsConfig {
  readonly listen: string;
  readonly storeDir: string;
  /** Encrypts what lies on disk. */
  readonly storageKey: string | FromEnvironment;
  readonly users: readonly NatsUser[];
  /** Address of the monitoring page, which asks for no password; there is none unless given. */
  readonly monitor?: string;
}

/** Largest message, in bytes: nats-server's own default, written down since pages of answers are cut to fit. */
const MAX_PAYLOAD = 1 << 20;

// A JSON string is a string of nats-server's configuration language as well.
const text = (value: string | FromEnvironment): string =>
  typeof value === 'string' ? JSON.stringify(value) : `$${value.variable}`;
const list = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`;

/** The file that nats-server is started with. It holds passwords: write it for its owner's eyes only. */
export function natsConfigText(config: NatsConfig): string {
  return `server_name: tradeline
listen: ${text(config.listen)}
max_payload: ${MAX_PAYLOAD}${config.monitor ? `\nhttp: ${text(config.monitor)}` : ''}

jetstream {
  store_dir: ${text(config.storeDir)}
  cipher: chacha
  key: ${text(config.storageKey)}
  # Bounds what a failing machine, not a dying process, can lose.
  sync_interval: "1s"
}

authorization {
  users: [
${config.users.map(userText).join('\n')}
  ]
}
`;
}

function userText({ name, password, permissions }: NatsUser): string {
  const credentials = `user: ${text(name)}, password: ${text(password)}`;
  if (!permissions) return `    { ${credentials} }`;
  const inbox = `${permissions.inboxPrefix ?? `_INBOX_${name}`}.>`;
  const hears = new Set([...permissions.subscribe.allow, inbox]);
  return `    { ${credentials}, permissions: {
      publish: { allow: ${list(permissions.publish.allow)} }
      subscribe: { allow: ${list([...hears])} }
      allow_responses: ${permissions.allowResponses ?? true}
    } }`;
}
