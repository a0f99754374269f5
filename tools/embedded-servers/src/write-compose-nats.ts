import { writeFileSync } from 'node:fs';
import { composeNatsConfig } from './nats/compose-config.ts';

writeFileSync(new URL('../../../deploy/nats/nats.conf', import.meta.url), composeNatsConfig());
