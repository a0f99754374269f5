import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** The least that a bridge can do: parse what comes, write it on in the other side's words. `node plain-relay.ts <model's address>` */

const [, , modelUrl = ''] = process.argv;
const address = `${modelUrl.replace(/^http/, 'ws')}/realtime?model=bench`;

const PCMU = { type: 'audio/pcmu' };
const SESSION = {
  type: 'realtime',
  output_modalities: ['audio'],
  audio: { input: { format: PCMU }, output: { format: PCMU } },
};

type FromTwilio = { event: string; streamSid?: string; media?: { payload: string } };
type FromModel = { type: string; delta?: string };

const relay = (phone: WebSocket): void => {
  const model = new WebSocket(address, { headers: { authorization: 'Bearer bench' } });
  const early: string[] = [];
  let streamSid = '';
  const toModel = (event: object): void => {
    const text = JSON.stringify(event);
    if (model.readyState === WebSocket.OPEN) model.send(text);
    else early.push(text);
  };
  toModel({ type: 'session.update', session: SESSION });
  phone.on('message', (data) => {
    const message = JSON.parse(data.toString()) as FromTwilio;
    if (message.event === 'media')
      toModel({ type: 'input_audio_buffer.append', audio: message.media?.payload });
    else if (message.event === 'start') {
      streamSid = message.streamSid ?? '';
      toModel({ type: 'response.create' });
    }
  });
  model.on('open', () => {
    for (const text of early.splice(0)) model.send(text);
  });
  model.on('message', (data) => {
    const message = JSON.parse(data.toString()) as FromModel;
    if (message.type === 'response.output_audio.delta')
      phone.send(JSON.stringify({ event: 'media', streamSid, media: { payload: message.delta } }));
    else if (message.type === 'input_audio_buffer.speech_started') {
      phone.send(JSON.stringify({ event: 'clear', streamSid }));
      toModel({ type: 'response.cancel' });
    }
  });
  for (const [one, other] of [
    [phone, model],
    [model, phone],
  ] as const) {
    one.on('error', () => undefined);
    one.on('close', () => other.close());
  }
};

const server = createServer((_request, response) => response.writeHead(404).end());
new WebSocketServer({ server }).on('connection', relay);

process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
server.listen(0, '127.0.0.1', () =>
  process.send?.({ ready: true, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
);
