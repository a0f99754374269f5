import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '@tradeline/testing';
import type { ModelEvent, ModelSession } from '../src/domain/model-session.js';
import {
  heardOnly,
  LATE_WORDS_PATIENCE_MS,
  MAX_KEPT_FRAMES,
  MOVE_ANYHOW_AFTER_MS,
  QUIET_BEFORE_MOVE_MS,
  RENEW_AFTER_MS,
  REOPEN_AFTER_MS,
  REPLACE_AGAIN_AFTER_MS,
} from '../src/domain/session-renewal.js';
import { OpenAiRealtimeSessions } from '../src/integrations/openai-realtime/openai-realtime-session.js';
import { RenewingSessions } from '../src/integrations/renewal/renewing-sessions.js';
import { eventually, speech } from './bridge-under-test.js';
import { ScriptedModel, type ScriptedSession, toolCall } from './scripted-model.js';
import { PLAN } from './sessions-under-test.js';

const QUIET = Buffer.alloc(160, 0xff).toString('base64');
const LOUD = Buffer.alloc(160, 0x10).toString('base64');
const frame = (marker: number): string => Buffer.alloc(160, marker).toString('base64');

/** What a session was told of what was said before it. */
const remembered = (model: ScriptedSession): unknown[] =>
  model.ofType('conversation.item.create').map(({ item }) => {
    const { role, content } = item as { role: string; content: { text: string }[] };
    return [role, content[0]?.text];
  });

let model: ScriptedModel;
let clock: FakeClock;
let session: ModelSession;
let events: ModelEvent[];
let counted: string[];
let markers = 0;

const all = <T extends ModelEvent['type']>(type: T): Extract<ModelEvent, { type: T }>[] =>
  events.filter((event): event is Extract<ModelEvent, { type: T }> => event.type === type);

const nth = (index: number): Promise<ScriptedSession> =>
  eventually(() => {
    const found = model.sessions[index];
    if (!found?.ofType('session.update')[0]) throw new Error(`session ${index} has not been configured`);
    return found;
  });

/** Waits until all that a model has said so far has been heard, and takes the proof away again. */
const heardFrom = async (from: ScriptedSession): Promise<void> => {
  const code = `marker_${++markers}`;
  from.say({ type: 'error', error: { type: 'invalid_request_error', code, message: '' } });
  await eventually(() => {
    const at = events.findIndex((event) => event.type === 'problem' && event.code === code);
    if (at < 0) throw new Error('the model has not been heard');
    events.splice(at, 1);
  });
};

const received = (to: ScriptedSession, audio: string): Promise<void> =>
  eventually(() => {
    if (!to.heardAudio.includes(audio)) throw new Error('the audio has not come');
  });

/** Time in which nothing happens: whatever is quiet stays so, and a pause is one. */
const pass = (ms = QUIET_BEFORE_MOVE_MS): void => clock.advance(ms);

beforeEach(async () => {
  model = await ScriptedModel.start();
  clock = new FakeClock();
  events = [];
  counted = [];
  const real = new OpenAiRealtimeSessions({ baseUrl: model.baseUrl, apiKey: 'sk-test' }, clock);
  const sessions = new RenewingSessions(real, clock, {
    renewed: () => counted.push('renewed'),
    replaced: (fault) => counted.push(`replaced ${fault}`),
  });
  session = sessions.open(PLAN);
  session.listen((event) => events.push(event));
  await session.opened;
});

afterEach(async () => {
  session.close();
  await model.stop();
});

/** A greeting, a turn and its answer, and what was found out. */
const talked = async (): Promise<ScriptedSession> => {
  const first = await nth(0);
  first.answer('response_1', 'item_1', speech(60), 'How can I help?');
  first.callerSpeaks('item_2');
  first.callerPauses('item_2');
  first.transcribe('item_2', 'My sink leaks.');
  first.answer('response_2', 'item_3', speech(60), 'Since when?');
  await heardFrom(first);
  session.tell('Known so far: job_summary');
  return first;
};

const MEMORY = [
  ['assistant', 'How can I help?'],
  ['user', 'My sink leaks.'],
  ['assistant', 'Since when?'],
  ['system', 'Known so far: job_summary'],
];

describe('a session whose time will be up', () => {
  it('hands over in a pause to one that was opened before and knows what was said', async () => {
    const first = await talked();
    clock.advance(RENEW_AFTER_MS - 1);
    expect(model.sessions).toHaveLength(1);
    clock.advance(1);
    const second = await nth(1);
    await eventually(() => expect(counted).toEqual(['renewed']));
    session.append(frame(1));
    await received(second, frame(1));
    expect(remembered(second)).toEqual(MEMORY);
    expect(second.ofType('session.update')[0]).toEqual(first.ofType('session.update')[0]);
    await eventually(() => expect(first.isClosed).toBe(true));
    second.answer('response_9', 'item_9', speech(20), 'Still here.');
    await heardFrom(second);
    expect(all('speech-complete').at(-1)?.itemId).toBe('item_9');
    expect(all('closed')).toEqual([]);
    expect(all('ready')).toHaveLength(1);
  });

  it('waits while the caller speaks, is owed an answer or has not heard it, and for the words of his turn', async () => {
    const first = await talked();
    first.callerSpeaks('item_4');
    await heardFrom(first);
    clock.advance(RENEW_AFTER_MS);
    const second = await nth(1);
    await eventually(() => expect(second.received.length).toBeGreaterThan(0));
    pass(5_000);
    first.callerPauses('item_4');
    await heardFrom(first);
    pass(5_000);
    first.begin('response_4');
    first.speak('response_4', 'item_5', speech(2_000), 'A long answer.');
    first.end('response_4');
    await heardFrom(first);
    pass(5_000);
    expect(counted).toEqual([]);
    first.transcribe('item_4', 'Since Monday.');
    first.begin('response_5');
    first.speak('response_5', 'item_6', speech(2_000), 'Another.');
    first.end('response_5');
    await heardFrom(first);
    pass(2_000);
    expect(counted).toEqual([]);
    pass();
    expect(counted).toEqual(['renewed']);
  });

  it('waits while an order of ours is unanswered, and while there is sound on the line that may become a word', async () => {
    const first = await talked();
    session.respond({ orderId: 'order_1', purpose: 'nudge' });
    clock.advance(RENEW_AFTER_MS);
    await nth(1);
    first.answer('response_4', 'item_5', speech(20), 'Are you there?', [], 'order_1');
    await heardFrom(first);
    for (let i = 0; i < 100; i++) {
      session.append(LOUD);
      pass(20);
    }
    expect(counted).toEqual([]);
    for (let i = 0; i < 20; i++) {
      session.append(QUIET);
      pass(20);
    }
    expect(counted).toEqual(['renewed']);
  });

  it('shares the audio with the next one without a loss, a double or a change of order', async () => {
    const first = await talked();
    clock.advance(RENEW_AFTER_MS - 10);
    const sent: string[] = [];
    for (let i = 0; i < 120; i++) {
      sent.push(frame(i));
      session.append(frame(i));
      if (i === 40) {
        clock.advance(10);
        await nth(1);
      }
      if (i === 80) await eventually(() => expect(counted).toEqual(['renewed']));
    }
    const second = await nth(1);
    await received(second, frame(119));
    expect([...first.heardAudio, ...second.heardAudio]).toEqual(sent);
    expect(second.heardAudio.length).toBeGreaterThanOrEqual(39);
  });

  it("goes on with the call's input clock", async () => {
    await talked();
    for (let i = 0; i < 50; i++) session.append(QUIET);
    clock.advance(RENEW_AFTER_MS);
    const second = await nth(1);
    await eventually(() => expect(counted).toEqual(['renewed']));
    second.callerSpeaks('item_7', 100);
    second.callerPauses('item_7', 900);
    await heardFrom(second);
    expect(all('caller-started').at(-1)).toMatchObject({ itemId: 'item_7', audioStartMs: 1_100 });
    expect(all('caller-stopped').at(-1)).toMatchObject({ itemId: 'item_7', audioEndMs: 1_900 });
  });

  it('takes the end of any response when no pause has come in seven minutes', async () => {
    const first = await talked();
    first.begin('response_4');
    first.speak('response_4', 'item_5', speech(3_000), 'We come on Tuesday at nine o’clock.');
    await heardFrom(first);
    clock.advance(MOVE_ANYHOW_AFTER_MS);
    const second = await nth(1);
    await eventually(() => expect(second.received.length).toBeGreaterThan(0));
    expect(counted).toEqual([]);
    first.completeItem('response_4', 'item_5', 'We come on Tuesday at nine o’clock.');
    first.speak('response_4', 'item_5', speech(3_000));
    first.end('response_4');
    await eventually(() => expect(counted).toEqual(['renewed']));
    // The caller is still listening, and interrupts.
    session.cancel('response_4');
    session.truncate('item_5', 0, 1_500);
    await eventually(() => expect(remembered(second).at(-1)).toEqual(['system', heardOnly('We come')]));
    expect(second.ofType('conversation.item.truncate')).toEqual([]);
    expect(second.ofType('response.cancel')).toEqual([]);
  });

  it('still brings the words of the last turn when they come after the move', async () => {
    const first = await talked();
    first.callerSpeaks('item_4');
    first.callerPauses('item_4');
    first.answer('response_4', 'item_5', speech(60), 'Thank you.');
    await heardFrom(first);
    clock.advance(RENEW_AFTER_MS);
    await nth(1);
    clock.advance(MOVE_ANYHOW_AFTER_MS - RENEW_AFTER_MS);
    await eventually(() => expect(counted).toEqual(['renewed']));
    first.transcribe('item_4', 'Since Monday.');
    await eventually(() =>
      expect(all('caller-transcribed').at(-1)).toMatchObject({ itemId: 'item_4', text: 'Since Monday.' }),
    );
    const second = await nth(1);
    await eventually(() => expect(remembered(second).at(-1)).toEqual(['user', 'Since Monday.']));
    await eventually(() => expect(first.isClosed).toBe(true));
    clock.advance(LATE_WORDS_PATIENCE_MS);
    expect(all('closed')).toEqual([]);
  });

  it('is tried to be followed again every half minute', async () => {
    await talked();
    model.answersUpdate = false;
    clock.advance(RENEW_AFTER_MS);
    (await nth(1)).hangUp();
    await eventually(() => expect(model.sessions[1]?.isClosed).toBe(true));
    session.append(QUIET);
    await received(await nth(0), QUIET);
    model.answersUpdate = true;
    clock.advance(REOPEN_AFTER_MS);
    await nth(2);
    await eventually(() => expect(counted).toEqual(['renewed']));
    expect(events.filter(({ type }) => type === 'closed' || type === 'problem')).toEqual([]);
  });

  it('is closed with its successor when the call ends, and leaves no timer behind', async () => {
    const first = await talked();
    first.callerSpeaks('item_4');
    await heardFrom(first);
    clock.advance(RENEW_AFTER_MS);
    const second = await nth(1);
    session.close();
    await eventually(() => expect([first.isClosed, second.isClosed]).toEqual([true, true]));
    expect(all('closed')).toEqual([{ type: 'closed', fault: 'closed_by_us' }]);
    await eventually(() => expect(clock.waiting).toBe(0));
  });
});

describe('a session that is lost in the middle of a call', () => {
  const expire = (which: ScriptedSession): void =>
    which.say({
      type: 'error',
      error: { type: 'invalid_request_error', code: 'session_expired', message: 'over' },
    });

  it('is followed at once by one that knows what was said and hears what the caller says meanwhile', async () => {
    const first = await talked();
    model.answersUpdate = false;
    first.hangUp();
    await eventually(() => expect(counted).toEqual(['replaced closed']));
    for (let i = 0; i < 50; i++) session.append(frame(i));
    const second = await nth(1);
    expect(second.heardAudio).toEqual([]);
    second.becomeReady();
    for (let i = 50; i < 60; i++) session.append(frame(i));
    await received(second, frame(59));
    expect(second.heardAudio).toEqual(Array.from({ length: 60 }, (_, i) => frame(i)));
    expect(remembered(second)).toEqual(MEMORY);
    expect(all('closed')).toEqual([]);
  });

  it('has its place taken by the successor that was waiting for a pause', async () => {
    const first = await talked();
    first.callerSpeaks('item_4');
    await heardFrom(first);
    clock.advance(RENEW_AFTER_MS);
    const second = await nth(1);
    await eventually(() => expect(second.received.length).toBeGreaterThan(0));
    expire(first);
    await eventually(() => expect(counted).toEqual(['replaced session_expired']));
    session.append(frame(1));
    await received(second, frame(1));
    expect(model.sessions).toHaveLength(2);
  });

  it('is asked again for what it was asked and has not begun', async () => {
    const first = await talked();
    session.respond({ orderId: 'order_1', purpose: 'nudge', instructions: 'Ask whether they are there.' });
    await eventually(() => expect(first.ofType('response.create')).toHaveLength(1));
    first.hangUp();
    const second = await nth(1);
    await eventually(() => expect(second.ofType('response.create')).toEqual(first.ofType('response.create')));
  });

  it('does not answer tool calls of a session that is gone', async () => {
    const first = await talked();
    first.callTools('response_4', [toolCall('call_1', 'capture_field', {})]);
    await heardFrom(first);
    first.hangUp();
    const second = await nth(1);
    await eventually(() => expect(counted).toEqual(['replaced closed']));
    session.answerTool('call_1', { ok: true });
    session.append(frame(1));
    await received(second, frame(1));
    expect(remembered(second)).toEqual(MEMORY);
  });

  it('forgets what the caller did not hear of it', async () => {
    const first = await talked();
    first.begin('response_4');
    first.speak('response_4', 'item_5', speech(2_000), 'We open at eight and close at five.');
    await heardFrom(first);
    session.cancel('response_4');
    session.truncate('item_5', 0, 1_000);
    first.hangUp();
    const second = await nth(1);
    await eventually(() => expect(remembered(second)).toContainEqual(['assistant', 'We open at eight']));
  });

  it.each(['insufficient_quota', 'invalid_api_key', 'billing_hard_limit_reached', 'account_deactivated'])(
    'is the end of the call when another would meet the same: %s',
    async (code) => {
      const first = await talked();
      first.say({ type: 'error', error: { type: 'invalid_request_error', code, message: '' } });
      await eventually(() => expect(all('closed')).toEqual([{ type: 'closed', fault: code }]));
      expect(counted).toEqual([]);
      expect(model.sessions).toHaveLength(1);
    },
  );

  it('is the end of the call the third time within half a minute', async () => {
    await talked();
    for (const index of [0, 1]) {
      (await nth(index)).hangUp();
      const next = await nth(index + 1);
      session.append(frame(index));
      await received(next, frame(index));
    }
    (await nth(2)).hangUp();
    await eventually(() => expect(all('closed')).toEqual([{ type: 'closed', fault: 'closed' }]));
    expect(model.sessions).toHaveLength(3);
  });

  it('may be lost again after that', async () => {
    await talked();
    for (const index of [0, 1, 2]) {
      (await nth(index)).hangUp();
      const next = await nth(index + 1);
      session.append(frame(index));
      await received(next, frame(index));
      clock.advance(15_000);
    }
    expect(counted).toHaveLength(3);
    expect(all('closed')).toEqual([]);
  });

  it('is replaced at the second attempt when the first one fails', async () => {
    const first = await talked();
    model.answersUpdate = false;
    first.hangUp();
    (await nth(1)).hangUp();
    await eventually(() => expect(model.sessions[1]?.isClosed).toBe(true));
    model.answersUpdate = true;
    await eventually(() => {
      clock.advance(REPLACE_AGAIN_AFTER_MS);
      expect(model.sessions).toHaveLength(3);
    });
    session.append(frame(1));
    await received(await nth(2), frame(1));
  });

  it('is given up when nobody has heard the caller for ten seconds', async () => {
    const first = await talked();
    model.answersUpdate = false;
    first.hangUp();
    await eventually(() => expect(counted).toEqual(['replaced closed']));
    for (let i = 0; i <= MAX_KEPT_FRAMES; i++) session.append(QUIET);
    expect(all('closed')).toEqual([{ type: 'closed', fault: 'replacement_timeout' }]);
    await eventually(() => expect(model.sessions.at(-1)?.isClosed).toBe(true));
  });
});
