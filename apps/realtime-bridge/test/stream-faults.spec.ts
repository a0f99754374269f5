import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RawStream } from '@tradeline/testing';
import {
  AUTH_TOKEN,
  BridgeUnderTest,
  eventually,
  type HeldPlace,
  speech,
  type TestPhone,
} from './bridge-under-test.js';

let bridge: BridgeUnderTest;

beforeEach(async () => {
  bridge = await BridgeUnderTest.start();
});

afterEach(() => bridge.stop());

interface Stream {
  readonly phone: TestPhone;
  readonly place: HeldPlace;
}

/** A stream whose handshake is done and which has said nothing yet. */
const opened = async (): Promise<Stream> => {
  const place = await bridge.place();
  return { place, phone: await bridge.ring(place) };
};

/** A stream in the middle of its call. */
const started = async (): Promise<Stream> => {
  const call = await bridge.answered();
  return { place: call, phone: call.phone };
};

const media = (phone: TestPhone, change: object, mediaChange: object = {}): string => {
  const message = JSON.parse(phone.stream.writer.media(new Uint8Array(160), 0)) as { media: object };
  return JSON.stringify({ ...message, ...change, media: { ...message.media, ...mediaChange } });
};

const startWith = (phone: TestPhone, token: string, change: object): string => {
  const message = JSON.parse(
    phone.stream.writer.start({ accountSid: 'AC1', callSid: 'CA1', customParameters: { token } }),
  ) as { start: object };
  return JSON.stringify({ ...message, start: { ...message.start, ...change } });
};

describe('a stream that breaks the protocol ends its own call with a verdict, and a neighbour goes on', () => {
  it.each<[string, () => Promise<Stream>, (stream: Stream) => void, string]>([
    ['bad JSON', started, ({ phone }) => phone.stream.send('{"event":"media"'), 'stream_not_json'],
    [
      'a message far too large',
      started,
      ({ phone }) => phone.stream.send(`{"event":"media","x":"${'x'.repeat(64 * 1024)}"}`),
      'stream_too_large',
    ],
    [
      'a binary frame',
      started,
      ({ phone }) => phone.stream.send(new Uint8Array([1, 2, 3])),
      'stream_not_text',
    ],
    ['a list', started, ({ phone }) => phone.stream.send('[]'), 'stream_not_an_object'],
    ['no event', started, ({ phone }) => phone.stream.send('{}'), 'stream_no_event'],
    [
      'a flood of unknown events',
      started,
      ({ phone }) => {
        for (let i = 0; i < 60; i++) phone.stream.send('{"event":"hologram"}');
      },
      'stream_unknown_events',
    ],
    ['media before start', opened, ({ phone }) => phone.frame(1), 'stream_media_before_start'],
    [
      'a mark before start',
      opened,
      ({ phone }) => phone.stream.send(phone.stream.writer.mark('g1.1')),
      'stream_mark_before_start',
    ],
    [
      'a second start',
      started,
      ({ phone, place }) => phone.stream.send(startWith(phone, place.streamToken, {})),
      'stream_second_start',
    ],
    ['a second connected', started, ({ phone }) => phone.stream.connected(), 'stream_second_connected'],
    [
      "another stream's id",
      started,
      ({ phone }) => phone.stream.send(media(phone, { streamSid: 'MZother' })),
      'stream_wrong_stream_sid',
    ],
    [
      'audio that is no base64',
      started,
      ({ phone }) => phone.stream.send(media(phone, {}, { payload: '!!!!' })),
      'stream_bad_payload',
    ],
    [
      'a missing payload',
      started,
      ({ phone }) => phone.stream.send(media(phone, {}, { payload: undefined })),
      'stream_missing_field',
    ],
    [
      'a missing media',
      started,
      ({ phone }) =>
        phone.stream.send(
          JSON.stringify({ event: 'media', sequenceNumber: '9', streamSid: phone.stream.streamSid }),
        ),
      'stream_missing_field',
    ],
    [
      'a sequence that goes back',
      started,
      ({ phone }) => phone.stream.send(media(phone, { sequenceNumber: '1' })),
      'stream_bad_sequence',
    ],
    [
      'a sequence that is no number',
      started,
      ({ phone }) => phone.stream.send(media(phone, { sequenceNumber: 'NaN' })),
      'stream_bad_number',
    ],
    [
      'a start without a call',
      opened,
      ({ phone, place }) => phone.stream.send(startWith(phone, place.streamToken, { callSid: undefined })),
      'stream_missing_field',
    ],
    [
      'another audio format',
      opened,
      ({ phone, place }) =>
        phone.stream.send(
          startWith(phone, place.streamToken, {
            mediaFormat: { encoding: 'audio/l16', sampleRate: 16000, channels: 1 },
          }),
        ),
      'stream_wrong_format',
    ],
    ['a cut connection', started, ({ phone }) => phone.stream.cut(), 'stream_cut'],
  ])('%s', async (_, begin, spoil, reason) => {
    const neighbour = await bridge.greeted();
    const { phone, place } = await begin();
    spoil({ phone, place });
    expect((await bridge.report(place.callId)).verdict).toEqual({ result: 'client_error', reason });
    await phone.stream.closed;
    await eventually(() => expect(place.model.isClosed).toBe(true));

    const sent = Array.from({ length: 10 }, (_unused, i) => neighbour.phone.frame(i));
    await eventually(() => expect(neighbour.model.heardAudio.slice(-10)).toEqual(sent));
    const before = neighbour.phone.audio.length;
    neighbour.model.answer('r', 'i', speech(60), 'Still here.');
    await eventually(() => expect(neighbour.phone.audio.subarray(before)).toEqual(Buffer.from(speech(60))));
    expect(bridge.journal.reports.has(neighbour.callId)).toBe(false);
  });

  it('an event that nobody knows yet breaks nothing', async () => {
    const call = await bridge.greeted();
    call.phone.stream.send('{"event":"hologram","sequenceNumber":"3"}');
    await bridge.fence(call);
    expect(bridge.journal.reports.has(call.callId)).toBe(false);
  });

  it('silence in place of a start', async () => {
    const { place, phone } = await opened();
    phone.stream.connected();
    bridge.clock.advance(5_000);
    expect((await bridge.report(place.callId)).verdict).toEqual({
      result: 'client_error',
      reason: 'stream_never_started',
    });
  });

  it('a line that goes dead without a word', async () => {
    const call = await bridge.greeted();
    call.model.callerSpeaks('c1');
    await bridge.afterModel(call);
    bridge.clock.advance(15_000);
    await bridge.fence(call);
    bridge.clock.advance(19_999);
    expect(call.model.ofType('input_audio_buffer.commit')).toEqual([]);
    bridge.clock.advance(1);
    await eventually(() => expect(call.model.ofType('input_audio_buffer.commit')).toHaveLength(1));
    call.model.transcribe('c1', 'hello');
    expect((await bridge.report(call.callId)).verdict).toMatchObject({
      result: 'client_error',
      reason: 'stream_stalled',
    });
  });
});

describe('who may open a stream', () => {
  it('not without the signature of the phone network', async () => {
    const place = await bridge.place();
    await expect(RawStream.open({ url: place.streamUrl })).rejects.toThrow(/403/);
    await expect(RawStream.open({ url: place.streamUrl, authToken: 'another' })).rejects.toThrow(/403/);
    await expect(RawStream.open({ url: `${place.streamUrl}?x=1`, signature: 'AAAA' })).rejects.toThrow(/403/);
    expect(await bridge.ring(place)).toBeDefined();
  });

  it('not for a reservation that does not exist', async () => {
    const place = await bridge.place();
    await expect(
      RawStream.open({ url: place.streamUrl.slice(0, -3), authToken: AUTH_TOKEN }),
    ).rejects.toThrow(/404/);
    await expect(
      RawStream.open({ url: place.streamUrl.replace('bridge1', 'bridge2'), authToken: AUTH_TOKEN }),
    ).rejects.toThrow(/404/);
  });

  it('not twice for one reservation: the replayed token gets nothing and the call goes on', async () => {
    const call = await bridge.greeted();
    await expect(RawStream.open({ url: call.streamUrl, authToken: AUTH_TOKEN })).rejects.toThrow(/409/);
    await bridge.fence(call);
    call.phone.hangUp();
    await bridge.report(call.callId);
    await expect(RawStream.open({ url: call.streamUrl, authToken: AUTH_TOKEN })).rejects.toThrow(/404/);
  });

  it('not when the reservation has gone stale; its session is closed and counted', async () => {
    const place = await bridge.place();
    bridge.clock.advance(15_000);
    await expect(RawStream.open({ url: place.streamUrl, authToken: AUTH_TOKEN })).rejects.toThrow(/404/);
    await eventually(() => expect(place.model.isClosed).toBe(true));
    expect(bridge.dropped).toEqual([place.callId]);
  });

  it.each<[string, (place: HeldPlace, other: HeldPlace) => { token: string; callSid: string }]>([
    ['a token of another call', (place, other) => ({ token: other.streamToken, callSid: place.callSid })],
    [
      'the right token for another call',
      (place, other) => ({ token: place.streamToken, callSid: other.callSid }),
    ],
    [
      'a token that was altered',
      (place) => ({ token: `${place.streamToken.slice(0, -2)}xx`, callSid: place.callSid }),
    ],
    ['no token', (place) => ({ token: '', callSid: place.callSid })],
  ])('not with %s; the rightful caller still can', async (_, choose) => {
    const place = await bridge.place();
    const other = await bridge.place();
    const thief = await bridge.ring(place);
    const { token, callSid } = choose(place, other);
    thief.start(token, { callSid });
    for (let i = 0; i < 5; i++) thief.frame(i);
    expect((await thief.stream.closed).code).toBe(1008);
    expect(thief.stream.received).toEqual([]);
    expect(place.model.heardAudio).toEqual([]);
    const rightful = await bridge.ring(place);
    rightful.start(place.streamToken);
    await eventually(() => expect(bridge.journal.startedCalls).toEqual([place.callId]));
  });
});

describe('a place', () => {
  it('is the same one when the gateway did not hear the answer and asks again', async () => {
    const once = await bridge.reserve({ callId: 'ca_again' });
    expect(await bridge.reserve({ callId: 'ca_again' })).toEqual(once);
    expect(bridge.reservations.occupied).toBe(1);
    await eventually(() => expect(bridge.model.sessions).toHaveLength(1));
    bridge.clock.advance(2_000);
    expect(await bridge.reserve({ callId: 'ca_again' })).not.toEqual(once);
  });

  it.each([
    ['full', async () => void (await bridge.place())],
    ['draining', () => Promise.resolve(void (bridge.isDraining = true))],
  ])('is refused when the bridge is %s', async (refusal, prepare) => {
    await bridge.stop();
    bridge = await BridgeUnderTest.start({ capacity: 1 });
    await prepare();
    expect(await bridge.reserve()).toEqual({ kind: 'refused', refusal });
  });

  it('is refused to a tenant nobody knows', async () => {
    expect(await bridge.reserve({ tenantId: 'tn_nobody' })).toEqual({
      kind: 'refused',
      refusal: 'unknown_tenant',
    });
  });

  it('is free again when its call is over', async () => {
    const call = await bridge.greeted();
    expect(bridge.reservations.occupied).toBe(1);
    call.phone.hangUp();
    await bridge.report(call.callId);
    expect(bridge.reservations.occupied).toBe(0);
  });
});
