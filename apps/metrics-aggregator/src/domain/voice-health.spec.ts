import { describe, expect, it } from '@jest/globals';
import { type Finding, finding, levelOf, median, turned, worst } from './voice-health.js';

describe('the level of a measure', () => {
  it.each([
    ['first_byte_p95', 0, 'ok'],
    ['first_byte_p95', 400, 'ok'],
    ['first_byte_p95', 400.01, 'warn'],
    ['first_byte_p95', 500, 'warn'],
    ['first_byte_p95', 500.01, 'critical'],
    ['handshake_p95', 1_200, 'ok'],
    ['handshake_p95', 1_500, 'warn'],
    ['handshake_p95', 1_500.01, 'critical'],
    ['fallback_rate', 0.05, 'ok'],
    ['fallback_rate', 0.0501, 'warn'],
    ['fallback_rate', 0.1001, 'critical'],
    ['model_error_rate', 0.01, 'ok'],
    ['model_error_rate', 0.0101, 'critical'],
    ['handshake_trend', 99, 'warn'],
  ] as const)('%s at %d is %s', (measure, value, level) => {
    expect(levelOf(measure, value, 1)).toBe(level);
  });

  it('is no judgement when nothing was measured', () => {
    expect(levelOf('first_byte_p95', 9_999, 0)).toBe('no_data');
  });

  it('counts as the worst of several, and no data as none of them', () => {
    expect(worst('ok', 'critical', 'warn')).toBe('critical');
    expect(worst('no_data', 'ok')).toBe('ok');
    expect(worst('no_data', 'no_data')).toBe('no_data');
  });
});

describe('the median', () => {
  it.each([
    [[], undefined],
    [[7], 7],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %p', (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});

describe('a turn of the level', () => {
  const at = (firstByteMs: number, count = 100): Finding[] => [
    finding('first_byte_p95', firstByteMs, count),
    finding('handshake_p95', 100, count),
  ];

  it('comes at once when a bound is crossed, over as many levels as it takes', () => {
    expect(turned('no_data', at(100))).toBe('ok');
    expect(turned('ok', at(401))).toBe('warn');
    expect(turned('ok', at(501))).toBe('critical');
    expect(turned('no_data', at(501))).toBe('critical');
  });

  it('back comes when everything is a tenth below its bounds, and not for a value that moves around one', () => {
    expect(turned('critical', at(499))).toBe('critical');
    expect(turned('critical', at(451))).toBe('critical');
    expect(turned('critical', at(450))).toBe('warn');
    expect(turned('warn', at(361))).toBe('warn');
    expect(turned('warn', at(360))).toBe('ok');
    expect(turned('critical', at(360))).toBe('ok');
  });

  it('needs enough calls, and is not made by their absence', () => {
    expect(turned('ok', at(9_999, 9))).toBe('ok');
    expect(turned('critical', at(10, 9))).toBe('critical');
    expect(turned('ok', at(9_999, 10))).toBe('critical');
    expect(turned('warn', [])).toBe('warn');
  });

  it('does not flap: a value that crosses its bound a hundred times turns it once', () => {
    let level = turned('no_data', at(100));
    let turns = 0;
    for (let n = 0; n < 100; n++) {
      const next = turned(level, at(n % 2 === 0 ? 505 : 495));
      if (next !== level) turns++;
      level = next;
    }
    expect([level, turns]).toEqual(['critical', 1]);
  });
});
