import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TwilioRealtimeTransportLayer } from '@openai/agents-extensions';
import { RealtimeAgent, RealtimeSession } from '@openai/agents/realtime';
import { WebSocketServer, type WebSocket } from 'ws';

/** The OpenAI Agents SDK's Twilio transport, wired as its documentation shows: `node agents-sdk.ts <model's address>`. */

const [, , modelUrl = ''] = process.argv;
const url = `${modelUrl.replace(/^http/, 'ws')}/realtime?model=bench`;

const answer = async (twilioWebSocket: WebSocket): Promise<void> => {
  const transport = new TwilioRealtimeTransportLayer({ twilioWebSocket, url });
  const agent = new RealtimeAgent({
    name: 'Receptionist',
    instructions: 'You are the receptionist of Bench Plumbing. Answer in at most two sentences.',
  });
  const session = new RealtimeSession(agent, { transport });
  // Without a listener the emitter throws, and a caller who hangs up early would end the process.
  session.on('error', () => undefined);
  await session.connect({ apiKey: 'bench', url });
  transport.requestResponse();
};

const server = createServer((_request, response) => response.writeHead(404).end());
new WebSocketServer({ server }).on('connection', (socket) => {
  answer(socket).catch(() => socket.close());
});

process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
server.listen(0, '127.0.0.1', () =>
  process.send?.({ ready: true, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
);
