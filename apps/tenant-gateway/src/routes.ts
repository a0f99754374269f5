import { getAlerts, putAlerts } from './features/manage-alerts/manage-alerts.controller.js';
import { getAssistant, putAssistant } from './features/manage-assistant/manage-assistant.controller.js';
import {
  getConnection,
  listConnections,
  putConnection,
} from './features/manage-connections/manage-connections.controller.js';
import { createKey, listKeys, revokeKey } from './features/manage-keys/manage-keys.controller.js';
import { getNumbers, putNumbers } from './features/manage-numbers/manage-numbers.controller.js';
import { createTenant } from './features/onboard-tenant/onboard-tenant.controller.js';
import { getCall, listCalls } from './features/show-calls/show-calls.controller.js';
import { listDeliveries, replayDelivery } from './features/show-deliveries/show-deliveries.controller.js';
import { getLead, listLeads } from './features/show-leads/show-leads.controller.js';
import { getVoiceHealth } from './features/show-metrics/show-metrics.controller.js';
import { streamEvents } from './features/stream-live-events/stream-live-events.controller.js';
import type { Route } from './http/route.js';

/** All that the API description shows, in the order in which it shows it. */
export const ROUTES: readonly Route[] = [
  listCalls,
  getCall,
  listLeads,
  getLead,
  listDeliveries,
  replayDelivery,
  getVoiceHealth,
  streamEvents,
  getAssistant,
  putAssistant,
  getNumbers,
  putNumbers,
  getAlerts,
  putAlerts,
  listConnections,
  getConnection,
  putConnection,
  listKeys,
  createKey,
  revokeKey,
  createTenant,
];
