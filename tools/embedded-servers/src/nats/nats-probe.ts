import net from 'node:net';

interface Target {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/**
 * Signs in to a NATS server and resolves with its version. The protocol's opening is four lines of text: the server
 * says INFO, we say CONNECT and PING, and PONG means that we are in; see NATS' "Client Protocol".
 */
export function probeNats({ host, port, user, password }: Target, withinMs = 2_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, host);
    let heard = '';
    let version = '';
    const end = (settle: () => void) => {
      socket.destroy();
      settle();
    };
    socket.setTimeout(withinMs, () => end(() => reject(new Error('no answer from NATS'))));
    socket.on('error', (error) => end(() => reject(error)));
    socket.on('close', () => reject(new Error('NATS closed the connection')));
    socket.on('data', (chunk) => {
      heard += chunk.toString('utf8');
      for (let cut = heard.indexOf('\r\n'); cut >= 0; cut = heard.indexOf('\r\n')) {
        const line = heard.slice(0, cut);
        heard = heard.slice(cut + 2);
        if (line.startsWith('INFO ')) {
          ({ version } = JSON.parse(line.slice(5)) as { version: string });
          const hello = {
            user,
            pass: password,
            verbose: false,
            pedantic: false,
            lang: 'probe',
            version: '1',
            protocol: 1,
          };
          socket.write(`CONNECT ${JSON.stringify(hello)}\r\nPING\r\n`);
        } else if (line === 'PONG') {
          end(() => resolve(version));
        } else if (line.startsWith('-ERR')) {
          end(() => reject(new Error(`NATS refused: ${line.slice(5)}`)));
        }
      }
    });
  });
}
