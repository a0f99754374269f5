import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BridgeUnderTest, eventually, type HeldPlace, speech, type TestPhone } from './bridge-under-test.js';
import { type ScriptedSession, toolCall } from './scripted-model.js';

type Call = HeldPlace & { phone: TestPhone };

/** The same conversation, asked of another bridge. */
const SAME = { callId: 'ca_1', callSid: 'CA1', conversationId: 'cv_1', handovers: 1 };

let lost: BridgeUnderTest;
let next: BridgeUnderTest;

beforeEach(async () => {
  lost = await BridgeUnderTest.start();
  next = await BridgeUnderTest.start({ beside: lost });
});

afterEach(async () => {
  await next.stop();
  await lost.stop();
});

const turn = (model: ScriptedSession, itemId: string, text: string, name: string, value: string): void => {
  model.callerSpeaks(itemId, 0);
  model.callerPauses(itemId, 2_000);
  model.transcribe(itemId, text);
  model.answer(`r_${itemId}`, `a_${itemId}`, speech(60), `Noted, ${value}.`, [
    toolCall(`f_${itemId}`, 'capture_field', { name, value, read_back: true }),
  ]);
};

/** A call that has brought a name and a number when its bridge is lost. */
const halfACall = async (): Promise<Call> => {
  const call = await lost.greeted();
  turn(call.model, 'c1', 'I am Marie', 'caller_name', 'Marie');
  await lost.hear(call, 1);
  turn(call.model, 'c2', '613 555 0142', 'callback_number', '613 555 0142');
  await lost.hear(call, 1);
  await eventually(() => expect(lost.snapshots.kept.get('cv_1')).toMatchObject({ lastUtteranceSeq: 5 }));
  return call;
};

const itemsOf = (model: ScriptedSession): { role: string; type: string; text: string }[] =>
  model.ofType('conversation.item.create').map(({ item }) => {
    const { role, content } = item as { role: string; content: { type: string; text: string }[] };
    return { role, type: content[0]?.type ?? '', text: content[0]?.text ?? '' };
  });

/** The caller has heard that we are back, and what we went on with. */
const comeBack = async (call: Call & { greetingOrder: string }): Promise<void> => {
  call.model.answer('back', 'i_back', speech(60), 'Sorry, we were cut off.', [], call.greetingOrder);
  await next.hear(call, 1);
  const order = await eventually(() => {
    const [, second] = call.model.ofType('response.create');
    if (!second) throw new Error('no more is asked for');
    return String(second['event_id']);
  });
  call.model.answer('goes_on', 'i_on', speech(60), 'What is your e-mail address?', [], order);
  await next.hear(call, 1);
};

describe('a bridge that goes on with the conversation of another', () => {
  it('gives its model the memory of what was said and found out', async () => {
    await halfACall();
    const { model } = await next.answered(SAME);
    expect(itemsOf(model)).toEqual([
      { role: 'assistant', type: 'output_text', text: 'Hello, this is an AI.' },
      { role: 'user', type: 'input_text', text: 'I am Marie' },
      { role: 'assistant', type: 'output_text', text: 'Noted, Marie.' },
      { role: 'user', type: 'input_text', text: '613 555 0142' },
      { role: 'assistant', type: 'output_text', text: 'Noted, 613 555 0142.' },
      {
        role: 'system',
        type: 'input_text',
        text: 'Known so far (in quotation marks, what the caller said):\n- caller_name: "Marie"\n- callback_number: "+16135550142"\nStill to find out: email, job_summary, preferred_datetime',
      },
    ]);
  });

  it('says that we are back instead of greeting again, and goes on', async () => {
    await halfACall();
    const call = await next.answered(SAME);
    await comeBack(call);
    const [first, second, ...more] = call.model
      .ofType('response.create')
      .map(({ response }) => (response as { instructions?: string }).instructions);
    expect(first).toBe('Say to the caller: "Sorry, we were cut off for a moment."');
    expect(second).toBeUndefined();
    expect(more).toEqual([]);
  });

  it('gives no number twice, starts nothing twice, and ends once with all fields and figures', async () => {
    await halfACall();
    const counted = { falseInterruptions: 2, overlapMs: 300, modelErrors: 1 };
    for (const [id, kept] of next.snapshots.kept)
      next.snapshots.kept.set(id, { ...kept, figures: { ...kept.figures, ...counted } });
    next.clock.advance(60_000);
    const call = await next.answered(SAME);
    await comeBack(call);
    turn(call.model, 'c1', 'marie at example dot com', 'email', 'marie@example.com');
    await next.hear(call, 1);
    await eventually(() => expect(next.journal.fields).toHaveLength(3));
    call.phone.hangUp();
    const report = await next.report('ca_1');
    expect(next.journal.utterances.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(next.journal.startedCalls).toEqual(['ca_1']);
    expect(report.lastUtteranceSeq).toBe(9);
    expect(report.fields.map(({ field: { name }, utteranceSeq }) => [name, utteranceSeq])).toEqual([
      ['caller_name', 2],
      ['callback_number', 4],
      ['email', 8],
    ]);
    expect(report.timings).toMatchObject({
      ...counted,
      takeovers: 1,
      turns: [{ turn: 1 }, { turn: 2 }, { turn: 3 }],
    });
    const [before, after] = [5, 6].map((seq) => next.journal.utterances.find((spoken) => spoken.seq === seq));
    // One media clock for both streams, however their processes count the time.
    expect(after?.startedAtMs).toBeGreaterThan((before?.endedAtMs ?? 0) + 50_000);
    await eventually(() => expect(next.snapshots.kept.size).toBe(0));
  });

  it('is not written over nor ended by the bridge that comes back', async () => {
    const zombie = await halfACall();
    const call = await next.answered(SAME);
    turn(zombie.model, 'c9', 'still there', 'email', 'wrong@example.com');
    await lost.afterModel(zombie);
    zombie.phone.hangUp();
    await eventually(() => expect(lost.calls.count).toBe(0));
    expect(lost.journal.reports.size).toBe(0);
    expect(lost.journal.utterances).toHaveLength(5);
    expect(lost.snapshots.kept.get('cv_1')).toMatchObject({ takeovers: 1, lastUtteranceSeq: 5 });
    call.phone.hangUp();
    expect((await next.report('ca_1')).fields).toHaveLength(2);
  });

  it('says what was kept and may not have been said', async () => {
    await halfACall();
    const kept = lost.snapshots.kept.get('cv_1');
    if (!kept) throw new Error('nothing is kept');
    lost.snapshots.kept.set('cv_1', { ...kept, said: { started: false, utterancesUpTo: 3 } });
    next.journal.utterances.splice(3);
    next.journal.startedCalls.splice(0);
    await next.answered(SAME);
    await eventually(() => expect(next.journal.utterances.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]));
    expect(next.journal.startedCalls).toEqual(['ca_1']);
  });

  it('greets a caller who had not heard the greeting', async () => {
    await lost.answered();
    await eventually(() => expect(lost.snapshots.kept.has('cv_1')).toBe(true));
    const { model } = await next.answered(SAME);
    expect(model.ofType('response.create')).toMatchObject([
      { response: { instructions: expect.stringMatching(/^Greet the caller:/) } },
    ]);
  });

  it('goes on in the language of the conversation', async () => {
    const { model } = await lost.greeted();
    model.callTools('r1', [toolCall('f1', 'switch_language', { language: 'fr' })]);
    model.callerSpeaks('c1');
    model.callerPauses('c1');
    model.transcribe('c1', 'Je parle français');
    await eventually(() => expect(lost.snapshots.kept.get('cv_1')).toMatchObject({ language: 'fr-CA' }));
    const call = await next.answered(SAME);
    expect(JSON.stringify(call.model.ofType('response.create'))).toContain('nous avons été coupés');
  });

  it('does not wake a conversation that has ended', async () => {
    const call = await halfACall();
    call.phone.hangUp();
    await lost.report('ca_1');
    await eventually(() => expect(lost.calls.count).toBe(0));
    expect(await next.reserve(SAME)).toEqual({ kind: 'refused', refusal: 'conversation_over' });
  });
});

describe('a bridge that has to go', () => {
  const drain = async (): Promise<void> => {
    const finished = lost.calls.finish(lost.reservations.empty(), 3_000);
    lost.clock.advance(3_000);
    await finished;
  };

  it('gives away the calls that do not end in time: their streams are closed and their state is kept', async () => {
    const call = await halfACall();
    const onlyReleased = { ...SAME, onlyIfReleased: true };
    expect(await next.reserve(onlyReleased)).toEqual({ kind: 'refused', refusal: 'conversation_over' });
    await drain();
    expect((await call.phone.stream.closed).code).toBe(1000);
    expect(lost.journal.reports.size).toBe(0);
    const { model, phone } = await next.answered(onlyReleased);
    expect(itemsOf(model)).toHaveLength(6);
    phone.hangUp();
    expect((await next.report('ca_1')).fields).toHaveLength(2);
  });

  it('ends a call that has not come about', async () => {
    lost.model.answersUpdate = false;
    const place = await lost.place();
    const phone = await lost.ring(place);
    phone.start(place.streamToken);
    await lost.letIn(place);
    await drain();
    expect((await lost.report(place.callId)).verdict).toEqual({ result: 'server_error', reason: 'drained' });
  });
});
