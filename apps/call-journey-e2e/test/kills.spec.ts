import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@tradeline/testing';
import { Redis } from 'ioredis';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { aftermathOf, allWell, crmOf } from '../src/aftermath.js';
import { atSentence } from '../src/at-sentence.js';
import { Bus } from '../src/bus.js';
import { callBySid, mailsOf, whatCallerSaid, type Page } from '../src/outcome.js';
import { endAllOn, namesOf, processesOn, WITH_TWO_BRIDGES } from '../src/processes.js';
import { RunningPlatform, type NarrationLine } from '../src/running-platform.js';
import {
  hurriedBooking,
  NAME_AND_JOB,
  numberOf,
  PREFERRED_TIME,
  sayNumber,
  shortBooking,
} from '../src/scenario.js';

const START_MS = 240_000;
const CALLS_MS = 180_000;
const STOP_MS = 90_000;
/** From the end of a call until everything is delivered; a lease of ten seconds may have to run out first. */
const SETTLED_MS = 60_000;

let platform: RunningPlatform;
let bus: Bus;

const settled = (callSid: string, number: string): Promise<unknown> =>
  eventually(async () => expect(await aftermathOf(platform, callSid, number)).toEqual(allWell(number)), {
    timeoutMs: SETTLED_MS,
  });

/** The same for a caller of three sentences, all of which were heard. */
const settledWhole = async (callSid: string, caller: number): Promise<void> => {
  await settled(callSid, numberOf(caller));
  const call = await callBySid(platform, callSid);
  expect(whatCallerSaid(call)).toEqual([NAME_AND_JOB, sayNumber(caller), PREFERRED_TIME]);
  expect(call.lead?.partial).toBe(false);
};

/** Plays a caller of three sentences. @returns the CallSid */
const book = async (
  caller: number,
  breathMs: number,
  onLine?: (line: NarrationLine) => void,
): Promise<string> => {
  const { callSid = '' } = await platform.play(shortBooking(caller, breathMs), onLine);
  return callSid;
};

const pidsAtStart = (name: string): number[] =>
  [platform.line.services[name] ?? platform.line.servers[name] ?? []].flat().map(({ pid }) => pid);

beforeAll(async () => {
  platform = await RunningPlatform.start({ bridges: 2 });
  bus = await Bus.open(platform);
}, START_MS);

afterAll(async () => {
  await bus?.close();
  await platform?.stop();
  // Where a test failed half-way, somebody may be left of the platform that it had killed.
  if (platform) endAllOn(platform.dataDir);
  platform?.removeData();
}, STOP_MS);

describe('a service that is killed in the middle of a call', () => {
  const SERVICES = [
    'telephony-gateway',
    'lead-qualifier',
    'notifier',
    'metrics-aggregator',
    'tenant-gateway',
  ] as const;
  const callerOf = (service: string): number => 20 + SERVICES.findIndex((name) => name === service);
  const played = new Map<string, string>();

  beforeAll(async () => {
    await Promise.all(
      SERVICES.map(async (service, index) => {
        const callSid = await book(
          callerOf(service),
          1 + index * 500,
          atSentence(2, () => platform.kill(service)),
        );
        played.set(service, callSid);
      }),
    );
  }, CALLS_MS);

  it.each(SERVICES)(
    '%s: nothing of the call is lost or doubled',
    async (service) => {
      expect(platform.pidsOf(service)).not.toEqual(pidsAtStart(service));
      await settledWhole(played.get(service) ?? '', callerOf(service));
    },
    CALLS_MS,
  );
});

describe('a bridge that is killed in the middle of a call', () => {
  const [stranded, neighbour] = [30, 31];
  const heardAfterwards: string[] = [];
  let [strandedSid, neighbourSid] = ['', ''];

  beforeAll(async () => {
    const kill = async (): Promise<void> => platform.killInstance(await bus.bridgeOf(strandedSid));
    let killing: Promise<void> | undefined;
    const killAtThird = atSentence(3, () => {
      killing = kill();
    });
    [strandedSid, neighbourSid] = await Promise.all([
      book(stranded, 1, (line) => {
        strandedSid = line.callSid ?? strandedSid;
        killAtThird(line);
        if (killing && line.type === 'heard') heardAfterwards.push(line.text ?? '');
      }),
      book(neighbour, 2_000),
    ]);
    await killing;
  }, CALLS_MS);

  it(
    'hands the call over: what was captured before is a lead, delivered once',
    async () => {
      await settled(strandedSid, numberOf(stranded));
      expect(whatCallerSaid(await callBySid(platform, strandedSid)).slice(0, 2)).toEqual([
        NAME_AND_JOB,
        sayNumber(stranded),
      ]);
    },
    CALLS_MS,
  );

  it('goes on where the caller was, and asks for nothing again that was captured', () => {
    expect(heardAfterwards.length).toBeGreaterThan(0);
    expect(heardAfterwards.join(' ')).not.toMatch(/your name|best number|How can I help/);
  });

  it(
    'leaves a call on another bridge alone',
    async () => {
      expect(await bus.bridgeOf(neighbourSid)).not.toBe(await bus.bridgeOf(strandedSid));
      await settledWhole(neighbourSid, neighbour);
    },
    CALLS_MS,
  );
});

describe('a server that is killed in the middle of a call', () => {
  const SERVERS = ['nats', 'postgres'] as const;
  const callerOf = (server: string): number => 40 + SERVERS.findIndex((name) => name === server);
  const played = new Map<string, string>();

  beforeAll(async () => {
    await Promise.all(
      SERVERS.map(async (server, index) => {
        const callSid = await book(
          callerOf(server),
          1 + index * 2_000,
          atSentence(2, () => platform.kill(server)),
        );
        played.set(server, callSid);
      }),
    );
  }, CALLS_MS);

  it.each(SERVERS)(
    '%s: the call goes on, and nothing of it is lost or doubled',
    async (server) => {
      expect(platform.pidsOf(server)).not.toEqual(pidsAtStart(server));
      await settledWhole(played.get(server) ?? '', callerOf(server));
    },
    CALLS_MS,
  );
});

describe('a delivery in progress', () => {
  /** CRM and mail server take this long over their answers: time enough to kill somebody meanwhile. */
  const SLOW = { kind: 'slow', delayMs: 3_000 };

  const cutOff = async (caller: number, harm: () => void | Promise<void>): Promise<void> => {
    await platform.sandbox('/control/faults', {
      party: 'hubspot',
      fault: SLOW,
      matching: '^POST /crm/v3/objects/calls$',
    });
    await platform.sandbox('/control/faults', { party: 'mail', fault: SLOW });
    const { callSid = '' } = await platform.play(hurriedBooking(caller));
    await eventually(
      async () => expect(await platform.sandbox('/control/faults')).toEqual({ hubspot: 0, mail: 0 }),
      { timeoutMs: SETTLED_MS },
    );
    expect((await callBySid(platform, callSid)).deliveries?.map(({ state }) => state)).toEqual([
      'owed',
      'owed',
    ]);
    await harm();
    await settled(callSid, numberOf(caller));
  };

  it('survives the death of the notifier', () => cutOff(50, () => platform.kill('notifier')), CALLS_MS);

  it('survives the death of Redis', () => cutOff(51, () => platform.kill('redis')), CALLS_MS);

  it(
    'survives that Redis forgets everything',
    async () => {
      const redis = new Redis(platform.line.servers.redis?.url ?? '');
      await cutOff(52, async () => void (await redis.flushall()));
      await redis.quit();
    },
    CALLS_MS,
  );
});

describe('everything said twice', () => {
  /** All that a second telling could change, the fakes' own counts included. */
  const everything = async () => {
    const all = async (path: string): Promise<readonly unknown[]> =>
      (await platform.api<Page<unknown>>(`${path}?limit=100`)).items;
    const [calls, leads, deliveries] = await Promise.all([
      all('/v1/calls'),
      all('/v1/leads'),
      all('/v1/deliveries'),
    ]);
    const { measuredAt: _now, ...health } = await platform.api<Record<string, unknown>>(
      '/v1/metrics/voice-health?window=24h',
    );
    return { calls, leads, deliveries, health, crm: await crmOf(platform), mails: await mailsOf(platform) };
  };

  it(
    'changes nothing',
    async () => {
      await eventually(async () => expect(await bus.unheard()).toBe(0), { timeoutMs: SETTLED_MS });
      const before = await everything();
      // Of each call at least: answered, three or more utterances and fields, its ends, its lead.
      expect(await bus.sayAllAgain()).toBeGreaterThan(6 * before.calls.length);
      await eventually(async () => expect(await bus.unheard()).toBe(0), { timeoutMs: SETTLED_MS });
      expect(await everything()).toEqual(before);
      expect(await bus.deadLetters()).toBe(0);
    },
    CALLS_MS,
  );
});

describe('the supervisor', () => {
  it(
    'refuses to share a data directory, and leaves the platform there alone',
    async () => {
      await expect(RunningPlatform.start({ dataDir: platform.dataDir })).rejects.toThrow(
        /already running on this data directory/,
      );
      expect(existsSync(join(platform.dataDir, 'platform.json'))).toBe(true);
      expect(namesOf(processesOn(platform.dataDir))).toEqual(WITH_TWO_BRIDGES);
    },
    START_MS,
  );

  it(
    'finds everything again after its own death, beside a platform in another directory',
    async () => {
      const leads = (await platform.api<Page<{ id: string }>>('/v1/leads?limit=100')).items;
      const servers = ['postgres', 'redis', 'nats'].map((name) => platform.pidsOf(name));
      await bus.close();
      await platform.killSupervisor();
      const [recovered, other] = await Promise.all([
        RunningPlatform.start({ dataDir: platform.dataDir, bridges: 2 }),
        RunningPlatform.start(),
      ]);
      platform = recovered;
      try {
        expect(['postgres', 'redis', 'nats'].map((name) => platform.pidsOf(name))).toEqual(servers);
        expect(namesOf(processesOn(platform.dataDir))).toEqual(WITH_TWO_BRIDGES);
        expect((await platform.api<Page<{ id: string }>>('/v1/leads?limit=100')).items).toEqual(leads);
        expect((await other.api<Page<unknown>>('/v1/leads')).items).toEqual([]);
        expect(await other.stop()).toBe(0);
        expect(processesOn(other.dataDir)).toEqual([]);
        const { callSid = '' } = await platform.play(hurriedBooking(60));
        await settled(callSid, numberOf(60));
      } finally {
        await other.stop();
        other.removeData();
      }
    },
    START_MS,
  );

  it(
    'leaves no process behind after Ctrl-C',
    async () => {
      expect(await platform.stop()).toBe(0);
      expect(processesOn(platform.dataDir)).toEqual([]);
    },
    STOP_MS,
  );
});
