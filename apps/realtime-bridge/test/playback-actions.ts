import { type PlayedItem, PlaybackWorld } from './playback-world.js';
import { SeededNumbers } from './seeded-numbers.js';

export interface PlaybackAction {
  readonly name: string;
  /** How often it is chosen, compared with the others. */
  readonly weight: number;
  /** Returns what a reader has to know of it. */
  run(world: PlaybackWorld): string;
}

const anItem = ({ items, numbers }: PlaybackWorld): PlayedItem | undefined =>
  items.length === 0 ? undefined : numbers.oneOf(items.slice(-3));

/** What can happen to a call's playback; whoever adds a way to act on it adds a line here. */
export const PLAYBACK_ACTIONS: readonly PlaybackAction[] = [
  {
    name: 'an item begins',
    weight: 3,
    run: (world) => {
      const [item, bytes] = [world.begin(), 1 + world.numbers.below(4_000)];
      world.say(item, bytes);
      return `${item.id} ${bytes}`;
    },
  },
  {
    name: 'an item goes on',
    weight: 6,
    run: (world) => {
      const item = anItem(world);
      if (!item || item.whole) return '-';
      if (world.numbers.once(8)) item.part += 1;
      const bytes = world.numbers.once(6) ? 0 : 1 + world.numbers.below(2_500);
      world.say(item, bytes);
      return `${item.id} ${bytes}`;
    },
  },
  {
    name: 'a burst',
    weight: 1,
    run: (world) => {
      const item = anItem(world);
      if (!item || item.whole) return '-';
      const count = 2 + world.numbers.below(6);
      for (let i = 0; i < count; i += 1) world.say(item, 480 + world.numbers.below(3_000));
      return `${item.id} x ${count}`;
    },
  },
  {
    name: 'small parts',
    weight: 2,
    run: (world) => {
      const item = anItem(world);
      if (!item || item.whole) return '-';
      const count = 1 + world.numbers.below(8);
      for (let i = 0; i < count; i += 1) world.say(item, 160);
      return `${item.id} x ${count}`;
    },
  },
  {
    name: 'messages are to be saved, or no more',
    weight: 1,
    run: (world) => {
      world.savesMessages = !world.savesMessages;
      return String(world.savesMessages);
    },
  },
  {
    name: 'an item is complete',
    weight: 3,
    run: (world) => {
      const item = anItem(world);
      if (!item || item.saidBytes === 0) return '-';
      world.complete(item);
      return item.id;
    },
  },
  {
    name: 'time passes',
    weight: 10,
    run: (world) => {
      const ms = world.numbers.oneOf([1, 7, 20, 60, 61, 150, 400, 1_500]);
      world.pass(ms);
      return `${ms} ms`;
    },
  },
  {
    name: 'the process is busy',
    weight: 1,
    run: (world) => {
      const ms = 1 + world.numbers.below(300);
      world.stall(ms);
      return `${ms} ms`;
    },
  },
  {
    name: 'the caller speaks',
    weight: 2,
    run: (world) => {
      world.stop();
      return '';
    },
  },
];

/** One interleaving from its seed; throws when a promise is broken. */
export const playInterleaving = (seed: number, actions: readonly PlaybackAction[]): PlaybackWorld => {
  const numbers = new SeededNumbers(seed);
  const world = new PlaybackWorld(numbers);
  const bag = actions.flatMap((action) => Array.from({ length: action.weight }, () => action));
  for (let left = 10 + numbers.below(40); left > 0; left -= 1) {
    const action = numbers.oneOf(bag);
    world.steps.push(`${world.nowMs} ms: ${action.name}`);
    const detail = action.run(world);
    world.steps.push(`${world.steps.pop()} ${detail}`);
  }
  world.finish();
  return world;
};
