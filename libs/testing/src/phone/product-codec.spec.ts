import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import {
  connectStream,
  encodeClear,
  encodeMark,
  encodeMedia,
  parseCallStatus,
  parseIncomingCall,
  parseStreamMessage,
  sayAndHangup,
  TwilioRest,
  verifyHandshakeSignature,
  verifyWebhookSignature,
} from '@tradeline/twilio';
import { callFields } from './call-fields.js';
import { FakePhone } from './fake-phone.js';
import { FakeTwilio } from './fake-twilio.js';
import { newSid } from './identifiers.js';
import { ScriptedProduct } from './scripted-product.js';
import { signRequest } from './signature.js';
import { readServerMessage, StreamWriter } from './stream-messages.js';
import { parseTwiml } from './twiml.js';

const AUTH_TOKEN = 'f00dfeedf00dfeedf00dfeedf00dfeed';
const streamSid = newSid('MZ');
const accountSid = newSid('AC');
const callSid = newSid('CA');

describe('the fake and our own Twilio library, each written from the protocol,', () => {
  it('agree on every message of the stream, both ways', () => {
    const writer = new StreamWriter(streamSid);
    const frame = new Uint8Array(160).fill(7);
    expect(parseStreamMessage(writer.connected())).toEqual({
      event: 'connected',
      protocol: 'Call',
      version: '1.0.0',
    });
    expect(
      parseStreamMessage(writer.start({ accountSid, callSid, customParameters: { token: 't' } })),
    ).toMatchObject({ event: 'start', sequence: 1, streamSid, callSid, customParameters: { token: 't' } });
    expect(parseStreamMessage(writer.media(frame, 40))).toMatchObject({
      event: 'media',
      sequence: 2,
      chunk: 1,
      timestampMs: 40,
      payload: Buffer.from(frame).toString('base64'),
    });
    expect(parseStreamMessage(writer.mark('m'))).toMatchObject({ event: 'mark', name: 'm' });
    expect(parseStreamMessage(writer.dtmf('#'))).toMatchObject({ event: 'dtmf', digit: '#' });
    expect(parseStreamMessage(writer.stop(accountSid, callSid))).toMatchObject({ event: 'stop', callSid });
    expect(
      readServerMessage(encodeMedia(streamSid, Buffer.from(frame).toString('base64')), streamSid),
    ).toEqual({ event: 'media', audio: Buffer.from(frame) });
    expect(readServerMessage(encodeMark(streamSid, 'm'), streamSid)).toEqual({ event: 'mark', name: 'm' });
    expect(readServerMessage(encodeClear(streamSid), streamSid)).toEqual({ event: 'clear' });
  });

  it('agree on signatures of webhooks and of the handshake', () => {
    const url = 'https://h.example/twilio/voice/action?call=ca_1';
    const params = { CallSid: callSid, From: '+16135550142' };
    expect(
      verifyWebhookSignature({
        authToken: AUTH_TOKEN,
        signature: signRequest(AUTH_TOKEN, url, params),
        url,
        params,
      }),
    ).toBe(true);
    const streamUrl = 'wss://h.example/streams/b1/rv_1';
    expect(
      verifyHandshakeSignature({
        authToken: AUTH_TOKEN,
        signature: signRequest(AUTH_TOKEN, streamUrl),
        url: streamUrl,
      }),
    ).toBe(true);
  });

  it('agree on the webhook of an incoming call and of its end', () => {
    const parties = {
      callSid,
      accountSid,
      from: '+16135550142',
      to: '+16135550100',
      stirVerstat: 'TN-Validation-Passed-A',
    };
    expect(parseIncomingCall(callFields(parties, 'ringing'))).toMatchObject({
      kind: 'incoming_call',
      callSid,
      from: '+16135550142',
      to: '+16135550100',
    });
    expect(
      parseCallStatus({ ...callFields(parties, 'completed'), CallDuration: '12', SequenceNumber: '0' }),
    ).toMatchObject({ callSid, status: 'completed' });
  });

  it('agree on TwiML: nothing of ours is refused', () => {
    const connect = connectStream({
      url: 'wss://h.example/streams/b1/rv_1',
      action: 'https://h.example/a?x=1&y=2',
      statusCallback: 'https://h.example/s?x=1',
      parameters: { token: 'a.b<c>' },
    });
    const { verbs, warnings } = parseTwiml(connect);
    expect(warnings).toEqual([]);
    expect(verbs[0]?.attributes.action).toBe('https://h.example/a?x=1&y=2');
    expect(verbs[0]?.children[0]?.children[0]?.attributes).toEqual({ name: 'token', value: 'a.b<c>' });
    expect(parseTwiml(sayAndHangup({ text: 'Désolé, un instant', language: 'fr-CA' })).warnings).toEqual([]);
  });

  it('agree on REST: a live call is led elsewhere, one that is over is gone', async () => {
    const product = await ScriptedProduct.start({
      answers: { '/twilio/voice': '<Response><Pause length="60"/></Response>' },
    });
    const network = new FakeTwilio({ authToken: AUTH_TOKEN, publicUrl: product.url });
    const server = createServer((request, response) => void network.handleHttp(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const rest = new TwilioRest({
      accountSid: network.accountSid,
      authToken: AUTH_TOKEN,
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/twilio`,
    });
    const call = new FakePhone({ network, number: '+16135550142' }).dial('+16135550100');
    await new Promise<void>((resolve) =>
      call.network.on('status', (status) => status === 'in-progress' && resolve()),
    );
    expect(await rest.updateCall(call.callSid, { twiml: '<Response><Hangup/></Response>' })).toEqual({
      kind: 'updated',
    });
    expect(await call.ended).toMatchObject({ reason: 'hangup-verb' });
    expect(await rest.updateCall(call.callSid, { twiml: '<Response><Hangup/></Response>' })).toEqual({
      kind: 'gone',
    });
    expect(
      await rest.createMessage({ from: '+16135550100', to: '+16135550142', body: 'Hello' }),
    ).toMatchObject({ status: 'queued' });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await product.stop();
  });
});
