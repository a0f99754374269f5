import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@tradeline/testing';
import type { AssistantProfile } from '../../domain/assistant-profile.js';
import {
  type ModelListener,
  ModelSession,
  ModelSessions,
  type SessionPlan,
} from '../../domain/model-session.js';
import { RESERVATION_HOLD_MS, type Reservation, Reservations } from '../../domain/reservations.js';
import { RENEW_AFTER_MS } from '../../domain/session-renewal.js';
import { RenewingSessions } from './renewing-sessions.js';

/** Is ready at once and says nothing more. */
class QuietSession extends ModelSession {
  readonly adapter = 'openai-realtime';
  readonly opened = Promise.resolve({ kind: 'ready' } as const);
  readonly bufferedBytes = 0;
  isClosed = false;
  private listener: ModelListener | undefined;

  constructor(private readonly clock: FakeClock) {
    super();
  }

  listen(listener: ModelListener): void {
    this.listener = listener;
    listener({ type: 'ready', atMs: this.clock.nowMs(), at: this.clock.now() });
  }

  append(): void {}
  respond(): void {}
  cancel(): void {}
  truncate(): void {}
  heardText(): undefined {
    return undefined;
  }
  listenPatiently(): void {}
  tell(): void {}
  spokenForIt(): void {}
  recall(): void {}
  answerTool(): void {}
  commitCaller(): void {}
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.listener?.({ type: 'closed', fault: 'closed_by_us' });
  }
}

class QuietSessions extends ModelSessions {
  readonly opened: QuietSession[] = [];

  constructor(private readonly clock: FakeClock) {
    super();
  }

  open(): ModelSession {
    const session = new QuietSession(this.clock);
    this.opened.push(session);
    return session;
  }
}

describe('sessions that renew themselves', () => {
  it('leave no session and no timer behind of a thousand callers whose stream never came', () => {
    const clock = new FakeClock();
    const real = new QuietSessions(clock);
    const sessions = new RenewingSessions(real, clock, {
      renewed: () => undefined,
      replaced: () => undefined,
    });
    const reservations = new Reservations(clock, 1_000, () => undefined);
    for (let i = 0; i < 1_000; i++) {
      const session = sessions.open({} as SessionPlan);
      const profile = {} as AssistantProfile;
      reservations.hold({ id: `rv_${i}`, profile, session } as unknown as Reservation);
    }
    expect(clock.waiting).toBeGreaterThanOrEqual(2_000);
    clock.advance(RESERVATION_HOLD_MS);
    expect([reservations.occupied, clock.waiting]).toEqual([0, 0]);
    expect(real.opened).toHaveLength(1_000);
    expect(real.opened.every(({ isClosed }) => isClosed)).toBe(true);
  });

  it('are followed by one each, for as long as a call lasts', () => {
    const clock = new FakeClock();
    const real = new QuietSessions(clock);
    let renewals = 0;
    const session = new RenewingSessions(real, clock, {
      renewed: () => (renewals += 1),
      replaced: () => undefined,
    }).open({} as SessionPlan);
    clock.advance(5 * RENEW_AFTER_MS);
    expect(renewals).toBe(5);
    expect(real.opened.map(({ isClosed }) => isClosed)).toEqual([true, true, true, true, true, false]);
    session.close();
    expect(real.opened.at(-1)?.isClosed).toBe(true);
    expect(clock.waiting).toBe(0);
  });
});
