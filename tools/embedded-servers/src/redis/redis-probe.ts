import net from 'node:net';
import tls from 'node:tls';

/**
 * Signs in to a Redis or Valkey server and resolves with its version. Commands go inline, answers are read as text;
 * see Redis' "RESP protocol specification".
 */
export function probeRedis(url: string, withinMs = 2_000): Promise<string> {
  const { protocol, hostname, port, username, password } = new URL(url);
  const connection = { host: hostname, port: Number(port || 6379), servername: hostname };
  return new Promise((resolve, reject) => {
    const socket = protocol === 'rediss:' ? tls.connect(connection) : net.connect(connection);
    let heard = '';
    const end = (settle: () => void) => {
      socket.destroy();
      settle();
    };
    socket.setTimeout(withinMs, () => end(() => reject(new Error('no answer from Redis'))));
    socket.on('error', (error) => end(() => reject(error)));
    socket.on('close', () => reject(new Error('Redis closed the connection')));
    const credentials = [username, password].filter(Boolean).map(decodeURIComponent);
    const commands = [...(credentials.length > 0 ? [['AUTH', ...credentials]] : []), ['INFO', 'server']];
    socket.write(commands.map(encode).join(''));
    socket.on('data', (chunk) => {
      heard += chunk.toString('utf8');
      const refused = /^-(.*)\r\n/m.exec(heard)?.[1];
      if (refused) return end(() => reject(new Error(`Redis refused: ${refused}`)));
      const version = /^(?:valkey|redis)_version:(\S+)/m.exec(heard)?.[1];
      if (version && heard.includes('uptime_in_seconds')) end(() => resolve(version));
    });
  });
}

const encode = (command: readonly string[]): string =>
  `*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
