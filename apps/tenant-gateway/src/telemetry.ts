import { counter, log } from '@tradeline/service-runtime';

const refused = counter('tenants.keys.refused', 'Requests whose API key nobody holds');
const limited = counter('tenants.requests.limited', 'Requests that came faster than their key may');
const created = counter('tenants.created', 'Tenants that were created');
const cutOff = counter(
  'tenants.live.cut_off',
  'Live connections that were closed because they did not keep up',
);

export const keyRefused = (keyId: string | undefined): void => {
  refused.add(1);
  log.info('key_refused', { keyId });
};

export const requestLimited = (keyId: string): void => {
  limited.add(1);
  log.info('request_limited', { keyId });
};

export const tenantCreated = (tenantId: string): void => {
  created.add(1);
  log.info('tenant_created', { tenantId });
};

export const liveConnectionCutOff = (tenantId: string): void => {
  cutOff.add(1);
  log.warn('live_connection_cut_off', { tenantId });
};
