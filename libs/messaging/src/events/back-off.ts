const STEPS_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000] as const;

/** How long after its nth delivery an event comes again; spread by a fifth, so what failed together does not return together. */
export const backOffMs = (deliveryCount: number, random: () => number = Math.random): number => {
  const step = STEPS_MS[Math.min(deliveryCount, STEPS_MS.length) - 1] ?? STEPS_MS[0];
  return Math.round(step * (0.8 + 0.4 * random()));
};
