export * from './media-frame.js';
export * from './rest.js';
export * from './signatures.js';
export * from './stream-messages.js';
export * from './stream-token.js';
export * from './twilio-side.js';
export * from './twiml.js';
export * from './webhooks.js';
