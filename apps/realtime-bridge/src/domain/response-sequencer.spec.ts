import { describe, expect, it } from '@jest/globals';
import { ResponseSequencer } from './response-sequencer.js';

describe('the order of responses', () => {
  it('sends a wish at once when nothing is active', () => {
    expect(new ResponseSequencer().want({ purpose: 'greeting', instructions: 'x' })).toEqual({
      purpose: 'greeting',
      instructions: 'x',
      orderId: 'order_1',
    });
  });

  it('keeps a second wish until the first response has ended', () => {
    const sequencer = new ResponseSequencer();
    sequencer.want({ purpose: 'greeting' });
    expect(sequencer.want({ purpose: 'nudge' })).toBeUndefined();
    sequencer.began('r1', 'order_1');
    expect(sequencer.ended('r1')).toMatchObject({ purpose: 'nudge' });
  });

  it('keeps a wish while the model answers a turn by itself', () => {
    const sequencer = new ResponseSequencer();
    expect(sequencer.began('auto')).toBe('answer');
    expect(sequencer.want({ purpose: 'tool-result' })).toBeUndefined();
    expect(sequencer.ended('auto')).toMatchObject({ purpose: 'tool-result' });
  });

  it('tells its own response by the order it carries', () => {
    const sequencer = new ResponseSequencer();
    const order = sequencer.want({ purpose: 'greeting' });
    expect(sequencer.began('r1', order?.orderId)).toBe('greeting');
    expect(sequencer.active).toEqual({ id: 'r1', purpose: 'greeting' });
  });

  it('sends a refused order again after the active response', () => {
    const sequencer = new ResponseSequencer();
    const order = sequencer.want({ purpose: 'greeting', instructions: 'hello' });
    sequencer.began('auto');
    expect(sequencer.refusedAsActive(order?.orderId)).toBe('kept');
    expect(sequencer.retry()).toBeUndefined();
    expect(sequencer.ended('auto')).toMatchObject({ purpose: 'greeting', instructions: 'hello' });
  });

  it('sends a refused order again by retry when the active response had ended before', () => {
    const sequencer = new ResponseSequencer();
    const order = sequencer.want({ purpose: 'nudge' });
    sequencer.refusedAsActive(order?.orderId);
    expect(sequencer.retry()).toMatchObject({ purpose: 'nudge' });
  });

  it('leaves a refusal alone that is not about an order of ours', () => {
    const sequencer = new ResponseSequencer();
    expect(sequencer.refusedAsActive(undefined)).toBe('not-ours');
    sequencer.want({ purpose: 'nudge' });
    expect(sequencer.refusedAsActive('other')).toBe('not-ours');
  });

  it('does not take a refusal without a name for one of an order that has long been answered', () => {
    const sequencer = new ResponseSequencer();
    sequencer.began('r1', sequencer.want({ purpose: 'greeting' })?.orderId);
    sequencer.ended('r1');
    expect(sequencer.refusedAsActive(undefined)).toBe('not-ours');
    expect(sequencer.retry()).toBeUndefined();
  });

  it('forgets what the conversation has overtaken', () => {
    const sequencer = new ResponseSequencer();
    sequencer.began('r1');
    sequencer.want({ purpose: 'nudge' });
    sequencer.want({ purpose: 'goodbye' });
    sequencer.withdraw('nudge');
    expect(sequencer.ended('r1')).toMatchObject({ purpose: 'goodbye' });
  });

  it('goes on after an order that failed', () => {
    const sequencer = new ResponseSequencer();
    const order = sequencer.want({ purpose: 'nudge' });
    sequencer.want({ purpose: 'goodbye' });
    expect(sequencer.failed(order?.orderId ?? '')).toMatchObject({ purpose: 'goodbye' });
    expect(sequencer.idle).toBe(false);
  });
});
