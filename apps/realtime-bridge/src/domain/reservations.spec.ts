import { describe, expect, it, jest } from '@jest/globals';
import { FakeClock } from '@tradeline/testing';
import { WorkLoad } from './work-load.js';
import { RESERVATION_HOLD_MS, type Reservation, Reservations } from './reservations.js';

const place = (id: string) => {
  const close = jest.fn();
  return { close, reservation: { id, session: { close } } as unknown as Reservation };
};

describe('a reserved place', () => {
  it('that nobody claims is dropped with its session, and counted', () => {
    const clock = new FakeClock();
    const dropped: string[] = [];
    const reservations = new Reservations(clock, 1, ({ id }) => dropped.push(id));
    const { reservation, close } = place('a');
    reservations.hold(reservation);
    expect(reservations.hasRoom).toBe(false);
    clock.advance(RESERVATION_HOLD_MS);
    expect(dropped).toEqual(['a']);
    expect(close).toHaveBeenCalledTimes(1);
    expect(reservations.hasRoom).toBe(true);
    expect(reservations.claim('a')).toEqual({ kind: 'unknown' });
  });

  it('belongs to one stream at a time', () => {
    const clock = new FakeClock();
    const reservations = new Reservations(clock, 2, () => undefined);
    const { reservation, close } = place('a');
    reservations.hold(reservation);
    expect(reservations.claim('a')).toEqual({ kind: 'claimed', reservation });
    expect(reservations.claim('a')).toEqual({ kind: 'taken' });
    clock.advance(RESERVATION_HOLD_MS * 2);
    expect(close).not.toHaveBeenCalled();
    reservations.release('a');
    expect(reservations.occupied).toBe(0);
  });

  it('given back waits for the rest of its time', () => {
    const clock = new FakeClock();
    const reservations = new Reservations(clock, 2, () => undefined);
    const { reservation, close } = place('a');
    reservations.hold(reservation);
    clock.advance(10_000);
    reservations.claim('a');
    reservations.giveBack('a');
    expect(reservations.claim('a').kind).toBe('claimed');
    reservations.giveBack('a');
    clock.advance(RESERVATION_HOLD_MS - 10_000);
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('leaves nothing behind when nobody comes: a thousand times no session, timer or memory', async () => {
    const clock = new FakeClock();
    const dropped: string[] = [];
    const reservations = new Reservations(clock, 1_000, ({ id }) => dropped.push(id));
    const places = Array.from({ length: 1_000 }, (_, i) => place(`r${i}`));
    for (const { reservation } of places) {
      expect(reservations.hasRoom).toBe(true);
      reservations.hold(reservation);
      clock.advance(1);
    }
    expect(reservations.hasRoom).toBe(false);
    clock.advance(RESERVATION_HOLD_MS);
    await reservations.empty();
    expect(reservations.occupied).toBe(0);
    expect(clock.waiting).toBe(0);
    expect(dropped).toHaveLength(1_000);
    for (const { close } of places) expect(close).toHaveBeenCalledTimes(1);
    expect(places.map(({ reservation }) => reservations.claim(reservation.id).kind)).toEqual(
      places.map(() => 'unknown'),
    );
  });

  it('is refused while the process has too much to do, and counts as work itself', () => {
    const clock = new FakeClock();
    const load = new WorkLoad({ maxUse: 0.1, busyUse: 1 });
    const reservations = new Reservations(clock, 1_000, () => undefined, load);
    let held = 0;
    for (; reservations.hasRoom; held++) reservations.hold(place(`r${held}`).reservation);
    expect(held).toBe(40);
  });

  it('tells when the last one is free', async () => {
    const reservations = new Reservations(new FakeClock(), 2, () => undefined);
    reservations.hold(place('a').reservation);
    const empty = reservations.empty();
    reservations.release('a');
    await empty;
    await reservations.empty();
  });
});
