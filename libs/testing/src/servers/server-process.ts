import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { eventually } from './eventually.js';
import type { Launch, Server } from './server-tool.js';

/** A throw-away server that a test may kill and start again on the same port, with its data. */
export class ServerProcess {
  private pid: number;
  private readonly launch: Launch;
  private readonly address: { readonly host: string; readonly port: number };

  constructor(server: Server) {
    const { hostname, port } = new URL(server.url);
    this.pid = server.pid;
    this.launch = server.launch;
    this.address = { host: hostname, port: Number(port) };
  }

  /** Ends it as a power cut would, and resolves when nobody listens any more. */
  async kill(): Promise<void> {
    if (this.pid) process.kill(this.pid, 'SIGKILL');
    this.pid = 0;
    await eventually(async () => {
      if (await this.listens()) throw new Error('the killed server still listens');
    });
  }

  /** Starts it again, and resolves when it takes connections. */
  async restart(): Promise<void> {
    if (this.pid) await this.kill();
    const { command, args, env, uid, gid } = this.launch;
    const identity = uid === undefined ? {} : { uid, ...(gid === undefined ? {} : { gid }) };
    const child = spawn(command, [...args], {
      stdio: 'ignore',
      env: { ...process.env, ...env },
      ...identity,
    });
    await once(child, 'spawn');
    child.unref();
    this.pid = child.pid ?? 0;
    await eventually(async () => {
      if (!(await this.listens())) throw new Error('the restarted server does not listen yet');
    });
  }

  /** Ends it if it runs; for the end of a test in which it was restarted and so is nobody's else to stop. */
  end(): void {
    try {
      if (this.pid) process.kill(this.pid, 'SIGKILL');
    } catch {
      // it is gone already
    }
    this.pid = 0;
  }

  private listens(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = net.connect(this.address);
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  }
}
