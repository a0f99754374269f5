import type { Narration } from './sandbox-calls.ts';

/**
 * Puts a call's lines in the order in which things began. What the assistant says is told when it is over, so a caller
 * who speaks over it is told first: his words wait here for the sentence that he has cut.
 */
export async function* inTimeOrder(lines: AsyncIterable<Narration>): AsyncGenerator<Narration> {
  let waiting: Narration[] = [];
  for await (const line of lines) {
    const heardBefore = line.type === 'heard' && waiting.some(({ atMs = 0 }) => (line.atMs ?? 0) <= atMs);
    if (
      line.type === 'interrupted' ||
      (waiting.length > 0 && line.type === 'said' && waiting.every(({ type }) => type === 'interrupted'))
    ) {
      waiting.push(line);
      continue;
    }
    if (heardBefore) yield line;
    yield* waiting;
    waiting = [];
    if (!heardBefore) yield line;
  }
  yield* waiting;
}
