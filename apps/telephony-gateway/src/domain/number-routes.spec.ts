import { describe, expect, it } from '@jest/globals';
import { NumberRoutes } from './number-routes.js';

const number = '+16135550100';

describe('the routes of numbers', () => {
  it('lead an active number to its tenant, and an inactive one to nobody but the same tenant', () => {
    const routes = new NumberRoutes();
    routes.replace('tn_a', [
      { number, active: true },
      { number: '+16135550101', active: false },
    ]);
    expect(routes.routeOf(number)).toEqual({ kind: 'assistant', tenantId: 'tn_a' });
    expect(routes.routeOf('+16135550101')).toEqual({ kind: 'inactive', tenantId: 'tn_a' });
    expect(routes.routeOf('+16135550199')).toEqual({ kind: 'unknown' });
  });

  it('forget a number that is no longer in the list, but not whose calls were on it', () => {
    const routes = new NumberRoutes();
    routes.replace('tn_a', [{ number, active: true }]);
    routes.replace('tn_a', []);
    expect(routes.routeOf(number)).toEqual({ kind: 'unknown' });
    expect(routes.ownerOf(number)).toBe('tn_a');
  });

  it('follow a number to its new tenant, whichever of the two is heard first', () => {
    const [released, assigned] = [
      ['tn_a', []],
      ['tn_b', [{ number, active: true }]],
    ] as const;
    for (const order of [
      [released, assigned],
      [assigned, released],
    ]) {
      const routes = new NumberRoutes();
      routes.replace('tn_a', [{ number, active: true }]);
      for (const [tenantId, numbers] of order) routes.replace(tenantId, numbers);
      expect(routes.routeOf(number)).toEqual({ kind: 'assistant', tenantId: 'tn_b' });
      expect(routes.ownerOf(number)).toBe('tn_b');
    }
  });
});
