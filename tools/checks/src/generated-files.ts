import { loadContracts } from './contracts.ts';
import { eventsPage } from './events-page.ts';

/** The files that follow from the catalogue, by their path in the workspace. */
export const generatedFiles = async (): Promise<ReadonlyMap<string, string>> => {
  const contracts = await loadContracts();
  return new Map([
    ['docs/events.md', eventsPage(contracts)],
    ['deploy/nats/permissions.json', `${JSON.stringify({ users: contracts.natsPermissions() }, null, 2)}\n`],
  ]);
};
