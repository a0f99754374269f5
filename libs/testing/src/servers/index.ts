export { eventually } from './eventually.js';
export type { EventuallyOptions } from './eventually.js';
export { startNats } from './nats.js';
export type { TestNats } from './nats.js';
export { testDatabase } from './postgres.js';
export type { TestDatabase } from './postgres.js';
export { startRedis } from './redis.js';
export type { TestRedis } from './redis.js';
