export { createHubSpot, startHubSpot } from './hubspot.js';
export type {
  FakeHubSpot,
  HubSpotFault,
  HubSpotOptions,
  HubSpotRecords,
  StartedHubSpot,
  WireRequest,
} from './hubspot.js';
export { HubSpotPortal } from './hubspot-portal.js';
export type { CrmRecord } from './hubspot-portal.js';
export { createWebhookReceiver, startWebhookReceiver } from './webhook-receiver.js';
export type {
  ReceivedWebhook,
  StartedWebhookReceiver,
  WebhookReceiver,
  WebhookReceiverOptions,
} from './webhook-receiver.js';
