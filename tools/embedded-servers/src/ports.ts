import net from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** A port that is free now, as the operating system picks it, or `preferred` if that one is free. */
export async function freePort(preferred = 0): Promise<number> {
  const found = await bind(preferred);
  return found ?? (await freePort());
}

function bind(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) => (port ? resolve(undefined) : reject(error)));
    server.listen(port, LOOPBACK, () => {
      const { port: bound } = server.address() as net.AddressInfo;
      server.close(() => resolve(bound));
    });
  });
}
