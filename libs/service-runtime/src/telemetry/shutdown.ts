const steps: (() => Promise<void>)[] = [];

/** What must be flushed before the process goes. */
export const onTelemetryShutdown = (step: () => Promise<void>): void => {
  steps.push(step);
};

/** Flushes spans and metrics. A collector that is down loses its copy, and nothing else. */
export const shutdownTelemetry = async (): Promise<void> => {
  await Promise.allSettled(steps.map((step) => step()));
};
