import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BridgeUnderTest, eventually } from './bridge-under-test.js';

const LOUD = [0x80, 0x81, 0x82, 0x83];

describe('a bridge that has to save messages', () => {
  let bridge: BridgeUnderTest;

  beforeEach(async () => {
    bridge = await BridgeUnderTest.start();
  });
  afterEach(() => bridge.stop());

  it('sends the model three frames in one message, and the rest before the caller is gone', async () => {
    const call = await bridge.greeted();
    const heard = (): string[] => call.model.heardAudio.slice(before);
    const before = call.model.heardAudio.length;
    bridge.load.isBusy = true;
    call.model.callerSpeaks('c1');
    await bridge.afterModel(call);
    const frames = LOUD.map((marker) => Buffer.from(call.phone.frame(marker), 'base64'));
    await eventually(() => expect(heard()).toEqual([Buffer.concat(frames.slice(0, 3)).toString('base64')]));
    call.phone.hangUp();
    await eventually(() => expect(call.model.ofType('input_audio_buffer.commit')).toHaveLength(1));
    expect(heard().at(-1)).toBe(frames[3]?.toString('base64'));
    const types = call.model.received.map(({ type }) => type);
    expect(types.lastIndexOf('input_audio_buffer.append')).toBeLessThan(
      types.lastIndexOf('input_audio_buffer.commit'),
    );
  });
});
