import { afterEach, describe, expect, it } from '@jest/globals';
import { CALLER_SILENT_AFTER_MS, MODEL_DEAF_AFTER_MS } from '../src/domain/media-watch.js';
import { LAST_WORDS_PATIENCE_MS } from '../src/features/bridge-call/call-in-hand.js';
import { IDLE_TIMEOUT_MS } from '../src/features/bridge-call/phone-line.js';
import { SILENT_FRAME } from '../src/media/media-watchdog.js';
import { BridgeUnderTest, eventually } from './bridge-under-test.js';

let bridge: BridgeUnderTest;

afterEach(() => bridge.stop());

const LOUD_MARKER = 0x90;

describe('a call that falls silent though everybody is connected', () => {
  it("has its caller's open turn ended by silence of ours when the phone stops sending", async () => {
    bridge = await BridgeUnderTest.start();
    const call = await bridge.greeted();
    const { model } = call;
    model.callerSpeaks('c1');
    await bridge.fence(call);
    bridge.clock.advance(CALLER_SILENT_AFTER_MS + 1_000);
    await bridge.fence(call);
    const fed = model.heardAudio.filter((audio) => audio === SILENT_FRAME).length;
    expect(fed).toBeGreaterThanOrEqual(25);
    bridge.clock.advance(1_000);
    await bridge.fence(call);
    expect(model.heardAudio.filter((audio) => audio === SILENT_FRAME)).toHaveLength(fed);
  });

  it('is still ended when the phone stays away', async () => {
    bridge = await BridgeUnderTest.start();
    const call = await bridge.greeted();
    call.model.callerSpeaks('c1');
    await bridge.afterModel(call);
    bridge.clock.advance(IDLE_TIMEOUT_MS);
    bridge.clock.advance(LAST_WORDS_PATIENCE_MS);
    expect((await bridge.report(call.callId)).verdict.reason).toBe('stream_stalled');
  });

  /** A caller who speaks while nothing comes from the model. */
  const speaksToNobody = async (call: Awaited<ReturnType<BridgeUnderTest['greeted']>>): Promise<void> => {
    await bridge.afterModel(call);
    bridge.clock.advance(5_500);
    for (let i = 0; i < 100; i++) call.phone.frame(LOUD_MARKER);
    await bridge.fence(call);
    bridge.clock.advance(MODEL_DEAF_AFTER_MS - 5_000);
  };

  it('goes on in another session when the model is deaf', async () => {
    bridge = await BridgeUnderTest.start({ renewing: true });
    const call = await bridge.greeted();
    await speaksToNobody(call);
    await eventually(() => expect(call.model.isClosed).toBe(true));
    const next = await eventually(() => {
      const found = bridge.model.sessions[1];
      if (!found?.ofType('session.update')[0]) throw new Error('no other session was opened');
      return found;
    });
    await bridge.fence({ phone: call.phone, model: next });
    call.phone.hangUp();
    expect((await bridge.report(call.callId)).verdict.reason).toBe('caller_hung_up');
  });

  it('is ended when the model is deaf and there is no other', async () => {
    bridge = await BridgeUnderTest.start();
    const call = await bridge.greeted();
    await speaksToNobody(call);
    expect((await bridge.report(call.callId)).verdict).toEqual({
      result: 'upstream_error',
      reason: 'model_deaf',
    });
  });
});
