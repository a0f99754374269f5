import {
  DismissalReason as WireReason,
  LeadCategory as WireCategory,
  LeadState as WireState,
} from '@tradeline/contracts';
import type { DismissalReason, LeadCategory, LeadState } from '../domain/lead.js';

/** Our words for a verdict as they are told on the bus. */
export const WIRE_CATEGORY: Readonly<Record<LeadCategory, WireCategory>> = {
  customer_service: WireCategory.CUSTOMER_SERVICE,
  lead_capture: WireCategory.LEAD_CAPTURE,
  prospect_call: WireCategory.PROSPECT_CALL,
  spam: WireCategory.SPAM,
};

export const WIRE_DISMISSAL: Readonly<Record<DismissalReason, WireReason>> = {
  silent_caller: WireReason.SILENT_CALLER,
  spam: WireReason.SPAM,
  no_intent: WireReason.NO_INTENT,
  never_connected: WireReason.NEVER_CONNECTED,
};

export const WIRE_STATE: Readonly<Record<LeadState, WireState>> = {
  qualified: WireState.QUALIFIED,
  dismissed: WireState.DISMISSED,
};
