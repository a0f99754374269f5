/** How much simple work this core does in a fixed time: `node spin.ts`, prints a number. Less than before means a neighbour. */

const FOR_MS = 300;
const CHUNK = 20_000;

let state = 1;
let chunks = 0;
const untilMs = performance.now() + FOR_MS;
while (performance.now() < untilMs) {
  for (let index = 0; index < CHUNK; index += 1) state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  chunks += 1;
}
process.send?.({ chunks, state });
