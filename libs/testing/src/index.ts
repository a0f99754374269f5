export * from './servers/index.js';
export * from './clock/index.js';
export * from './builders/index.js';
export * from './phone/index.js';
export * from './model/index.js';
export * from './speech/index.js';
export * from './mailbox/index.js';
export * from './hubspot/index.js';
