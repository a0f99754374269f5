import { Injectable } from '@nestjs/common';
import {
  GetCallRequestSchema,
  GetCallResponseSchema,
  GetLeadRequestSchema,
  GetLeadResponseSchema,
  GetStreamLogRequestSchema,
  GetStreamLogResponseSchema,
  GetTranscriptRequestSchema,
  GetTranscriptResponseSchema,
  ListDeliveriesRequestSchema,
  ListDeliveriesResponseSchema,
} from '@tradeline/contracts';
import { RpcClient, RpcRefused } from '@tradeline/messaging';
import { z } from 'zod';
import { orNote } from '../../http/messages.js';
import { notFound } from '../../http/problems.js';
import { delivery, showDelivery } from '../../http/shown/delivery.js';
import { lead, showLead } from '../../http/shown/lead.js';
import * as shapes from './call-shapes.js';

const MAX_DELIVERIES = 50;

const PARTS = ['call', 'transcript', 'lead', 'timings', 'deliveries'] as const;

const transcript = z.object({
  lines: z.array(shapes.transcriptLine),
  complete: z.boolean().meta({ description: 'False while lines are known to be missing' }),
});

/** Every field of the call itself may be missing too, while its owner cannot be asked. */
const nullable = <Shape extends z.ZodRawShape>(object: z.ZodObject<Shape>) =>
  Object.fromEntries(Object.entries(object.shape).map(([name, schema]) => [name, z.nullable(schema)])) as {
    [Name in keyof Shape]: z.ZodNullable<Shape[Name]>;
  };

export const callDetail = z
  .object({
    ...nullable(shapes.call),
    id: z.string(),
    transcript: transcript.nullable(),
    fields: z.array(shapes.field).nullable(),
    verdict: shapes.verdict.nullable(),
    lead: lead.nullable(),
    timings: shapes.timings.nullable(),
    deliveries: z.array(delivery).nullable(),
    notes: z.partialRecord(z.enum(PARTS), z.string()).meta({
      description: 'Why a part is null, by the name of the part; "call" for what the phone network knows',
    }),
  })
  .meta({ id: 'CallDetail', description: 'A part that is missing is null, and notes say why.' });

const UNKNOWN_CALL = {
  callSid: null,
  conversationId: null,
  from: null,
  to: null,
  direction: null,
  state: null,
  reason: null,
  startedAt: null,
  endedAt: null,
  durationMs: null,
};

/** Puts a call together from those who own its parts. */
@Injectable()
export class ShowCall {
  constructor(private readonly rpc: RpcClient) {}

  /** @throws PublicError 404 when telephony knows no such call of this tenant. */
  async show(tenantId: string, callId: string): Promise<z.input<typeof callDetail>> {
    const of = { tenantId, callId };
    const [call, transcript, lead, timings, deliveries] = await Promise.all([
      this.#call(of),
      this.#transcript(of),
      this.#lead(of),
      this.#timings(of),
      this.#deliveries(of),
    ]);
    const parts = { call, transcript, lead, timings, deliveries };
    return {
      ...(call.value ? shapes.showCall(call.value) : UNKNOWN_CALL),
      id: callId,
      transcript: transcript.value && {
        lines: transcript.value.lines.map(shapes.showLine),
        complete: transcript.value.complete,
      },
      fields: transcript.value && transcript.value.fields.map(shapes.showField),
      verdict: lead.value && shapes.showVerdict(lead.value),
      lead: lead.value && showLead(lead.value),
      timings: timings.value && shapes.showTimings(timings.value),
      deliveries: deliveries.value && deliveries.value.map(showDelivery),
      notes: Object.fromEntries(
        PARTS.flatMap((part) => (parts[part].note ? [[part, parts[part].note]] : [])),
      ),
    };
  }

  #call(of: { tenantId: string; callId: string }) {
    const asking = this.rpc.ask(GetCallRequestSchema, GetCallResponseSchema, of).catch((error: unknown) => {
      throw error instanceof RpcRefused && error.code === 'not_found' ? notFound('call') : error;
    });
    return orNote(asking, ({ call }) => call ?? null, 'The phone network has not told us of it.');
  }

  #transcript(of: { tenantId: string; callId: string }) {
    const asking = this.rpc.ask(GetTranscriptRequestSchema, GetTranscriptResponseSchema, of);
    return orNote(asking, (answer) => answer, 'Nothing was transcribed.');
  }

  #lead(of: { tenantId: string; callId: string }) {
    const asking = this.rpc.ask(GetLeadRequestSchema, GetLeadResponseSchema, of);
    return orNote(asking, ({ lead }) => lead ?? null, 'Nothing is decided yet.');
  }

  #timings(of: { tenantId: string; callId: string }) {
    const asking = this.rpc.ask(GetStreamLogRequestSchema, GetStreamLogResponseSchema, of);
    return orNote(asking, ({ log }) => log ?? null, 'No media stream has been measured.');
  }

  #deliveries(of: { tenantId: string; callId: string }) {
    const asking = this.rpc.ask(ListDeliveriesRequestSchema, ListDeliveriesResponseSchema, {
      ...of,
      limit: MAX_DELIVERIES,
    });
    return orNote(asking, ({ deliveries }) => deliveries, 'Nothing was to be delivered.');
  }
}
