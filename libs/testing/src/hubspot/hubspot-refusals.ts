import { randomUUID } from 'node:crypto';

/** An error answer in HubSpot's shape. The shapes are from its public documentation and observed answers. */
export class HubSpotRefusal extends Error {
  constructor(
    readonly status: number,
    readonly body: Readonly<Record<string, unknown>>,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(String(body['message']));
  }
}

const refusal = (
  status: number,
  category: string,
  message: string,
  extra: Record<string, unknown> = {},
): HubSpotRefusal =>
  new HubSpotRefusal(status, { status: 'error', message, correlationId: randomUUID(), category, ...extra });

export const noCredentials = (): HubSpotRefusal =>
  refusal(
    401,
    'INVALID_AUTHENTICATION',
    'Authentication credentials not found. This API supports OAuth 2.0 authentication.',
  );

export const missingScopes = (scopes: readonly string[]): HubSpotRefusal =>
  refusal(403, 'MISSING_SCOPES', "This app hasn't been granted all required scopes to make this call.", {
    errors: [
      {
        message: 'One or more of the following scopes are required.',
        context: { requiredGranularScopes: scopes },
      },
    ],
  });

export const notFound = (message = 'resource not found'): HubSpotRefusal =>
  refusal(404, 'OBJECT_NOT_FOUND', message);

export const badRequest = (message: string): HubSpotRefusal => refusal(400, 'VALIDATION_ERROR', message);

export const invalidProperty = (name: string, error: string, message: string): HubSpotRefusal =>
  badRequest(
    `Property values were not valid: ${JSON.stringify([{ isValid: false, message, error, name, localizedErrorMessage: message }])}`,
  );

export const emailTaken = (existingId: string): HubSpotRefusal =>
  refusal(409, 'CONFLICT', `Contact already exists. Existing ID: ${existingId}`);

export const propertyTaken = (name: string): HubSpotRefusal =>
  refusal(409, 'OBJECT_ALREADY_EXISTS', `A property named '${name}' already exists.`);

export const tooManyRequests = (retryAfterSeconds: number, policyName: string): HubSpotRefusal =>
  new HubSpotRefusal(
    429,
    {
      status: 'error',
      message: `You have reached your ${policyName === 'DAILY' ? 'daily' : 'ten_secondly_rolling'} limit.`,
      errorType: 'RATE_LIMIT',
      correlationId: randomUUID(),
      policyName,
      requestId: randomUUID(),
    },
    { 'retry-after': String(retryAfterSeconds) },
  );
