import { describe, expect, it } from '@jest/globals';
import { summariseProfile } from './profile.ts';

const frame = (id: number, functionName: string, url: string) => ({
  id,
  callFrame: { functionName, url, lineNumber: 1 },
});

describe('a summary of a profile', () => {
  const profile = {
    startTime: 1_000,
    nodes: [
      frame(1, '(idle)', ''),
      frame(2, 'pump', 'file:///home/x/apps/realtime-bridge/dist/media/paced-speaker.js'),
      frame(3, 'send', 'file:///home/x/node_modules/ws/lib/sender.js'),
      frame(4, 'pump', 'file:///home/x/apps/realtime-bridge/dist/media/paced-speaker.js'),
    ],
    samples: [1, 2, 3, 4, 3],
    timeDeltas: [100, 100, 100, 100, 5_000],
  };
  const { functions, places } = summariseProfile(profile, { fromUs: 0, toUs: 2_000 }, '/home/x');

  it('adds up a function that was called from several places, and leaves out idle time and what lies outside the window', () =>
    expect(functions.map(({ what, where, share }) => [what, where, Math.round(share * 100)])).toEqual([
      ['pump', 'apps/realtime-bridge/dist/media/paced-speaker.js', 67],
      ['send', 'ws/lib/sender.js', 33],
    ]));

  it('adds up by project and package', () =>
    expect(places.map(({ what }) => what)).toEqual(['apps/realtime-bridge', 'ws']));
});
