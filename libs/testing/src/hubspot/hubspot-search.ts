import type { CrmRecord, HubSpotPortal, ObjectType } from './hubspot-portal.js';
import { badRequest, invalidProperty } from './hubspot-refusals.js';

interface Filter {
  readonly propertyName: string;
  readonly operator: string;
  readonly value?: string;
  readonly values?: readonly string[];
}

export interface SearchRequest {
  readonly filterGroups?: readonly { readonly filters: readonly Filter[] }[];
  readonly query?: string;
  readonly limit?: number;
  readonly after?: string;
  readonly properties?: readonly string[];
}

const matches = (record: CrmRecord, filter: Filter): boolean => {
  const held = (
    filter.propertyName === 'hs_object_id' ? record.id : record.properties[filter.propertyName]
  )?.toLowerCase();
  const wanted = filter.value?.toLowerCase();
  switch (filter.operator) {
    case 'EQ':
      return held !== undefined && held === wanted;
    case 'NEQ':
      return held !== wanted;
    case 'IN':
      return held !== undefined && (filter.values ?? []).some((value) => value.toLowerCase() === held);
    case 'HAS_PROPERTY':
      return held !== undefined && held !== '';
    case 'NOT_HAS_PROPERTY':
      return held === undefined || held === '';
    case 'CONTAINS_TOKEN':
      return held !== undefined && wanted !== undefined && held.includes(wanted.replaceAll('*', ''));
    default:
      throw badRequest(`operator ${filter.operator} is not supported`);
  }
};

/** Groups are alternatives, the filters of a group must all hold. Records younger than `indexDelayMs` are not seen. */
export const search = (
  portal: HubSpotPortal,
  type: ObjectType,
  request: SearchRequest,
  visibleUntil: Date,
): { found: CrmRecord[]; total: number; after?: string } => {
  const groups = request.filterGroups ?? [];
  if (groups.length > 5 || groups.some((group) => group.filters.length > 6))
    throw badRequest('too many filters');
  for (const filter of groups.flatMap((group) => group.filters)) {
    if (!portal.knows(type, filter.propertyName)) {
      throw invalidProperty(
        filter.propertyName,
        'PROPERTY_DOESNT_EXIST',
        `Property "${filter.propertyName}" does not exist`,
      );
    }
  }
  const limit = request.limit ?? 10;
  if (limit < 1 || limit > 200) throw badRequest('limit must be between 1 and 200');
  const query = request.query?.toLowerCase();
  const all = portal
    .ofType(type)
    .filter((record) => record.createdAt.getTime() <= visibleUntil.getTime())
    .filter(
      (record) =>
        groups.length === 0 ||
        groups.some((group) => group.filters.every((filter) => matches(record, filter))),
    )
    .filter(
      (record) =>
        !query || Object.values(record.properties).some((value) => value.toLowerCase().includes(query)),
    );
  const start = Number(request.after ?? 0);
  const end = start + limit;
  return {
    found: all.slice(start, end),
    total: all.length,
    ...(end < all.length ? { after: String(end) } : {}),
  };
};
