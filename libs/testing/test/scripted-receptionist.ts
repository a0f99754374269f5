import { RealtimeClient, TELEPHONE } from './realtime-client.js';
import type { RunningFakeOpenAi } from '../src/index.js';

export const FIELDS = ['caller_name', 'callback_number', 'email', 'job_summary', 'preferred_datetime'];

const INSTRUCTIONS = [
  'You are the receptionist of Nordic Plumbing.',
  'Answer in at most two sentences.',
  'Languages: en-CA, fr-CA, es, tl',
  'Facts:',
  '- A visit costs $95.',
  `Find out, one at a time: ${FIELDS.join(', ')}.`,
].join('\n');

const tool = (name: string, ...parameters: string[]) => ({
  type: 'function' as const,
  name,
  parameters: {
    type: 'object',
    properties: Object.fromEntries(parameters.map((parameter) => [parameter, { type: 'string' }])),
  },
});

/** The smallest product that can be talked to: it carries audio, obeys tool calls and injects the state. */
export class ScriptedReceptionist {
  readonly known = new Map<string, string>();
  readonly languages: string[] = [];
  endReason: string | undefined;
  private handled = 0;

  private constructor(readonly client: RealtimeClient) {}

  static async pickUp(fake: RunningFakeOpenAi): Promise<ScriptedReceptionist> {
    const tools = [
      tool('capture_field', 'name', 'value'),
      tool('switch_language', 'language'),
      tool('end_call', 'reason'),
    ];
    const client = await RealtimeClient.connect(fake, {
      instructions: INSTRUCTIONS,
      tools,
      audio: TELEPHONE,
    });
    const receptionist = new ScriptedReceptionist(client);
    client.send({
      type: 'response.create',
      response: { instructions: 'Greet the caller: "Hello, how can I help you?"' },
    });
    await client.first('response.done');
    return receptionist;
  }

  /** Lets the model hear a sentence and waits for what it says to it. */
  async hears(audio: Uint8Array): Promise<string> {
    const before = this.client.said().length;
    this.client.speak(audio);
    return this.client.until(() => {
      this.obey();
      return this.client.said()[before];
    }, 'an answer');
  }

  /** Waits until the response in hand is over, and obeys its tool calls. */
  async finishes(): Promise<void> {
    await this.client.until(() => {
      this.obey();
      return this.client.of('response.done').length === this.client.of('response.created').length
        ? true
        : undefined;
    }, 'the end of the response');
  }

  private obey(): void {
    for (const { response } of this.client.of('response.done').slice(this.handled)) {
      this.handled += 1;
      const calls = (response.output ?? []).filter((item) => item.type === 'function_call');
      for (const call of calls) {
        this.take(call.name, JSON.parse(call.arguments) as Record<string, string>);
        const item = {
          type: 'function_call_output',
          call_id: call.call_id ?? '',
          output: '{"ok":true}',
        } as const;
        this.client.send({ type: 'conversation.item.create', item });
      }
      if (calls.length > 0) this.injectState();
      const hasSpoken = (response.output ?? []).some((item) => item.type === 'message');
      if (calls.length > 0 && !hasSpoken) this.client.send({ type: 'response.create' });
    }
  }

  private take(name: string, given: Record<string, string>): void {
    if (name === 'capture_field') this.known.set(given['name'] ?? '', given['value'] ?? '');
    if (name === 'switch_language') this.languages.push(given['language'] ?? '');
    if (name === 'end_call') this.endReason = given['reason'];
  }

  private injectState(): void {
    const missing = FIELDS.filter((field) => !this.known.has(field));
    const lines = [...this.known].map(([name, value]) => `- ${name}: ${value}`);
    const text = ['Known so far:', ...lines, `Still to find out: ${missing.join(', ') || 'nothing'}`].join(
      '\n',
    );
    const item = { type: 'message', role: 'system', content: [{ type: 'input_text', text }] } as const;
    this.client.send({ type: 'conversation.item.create', item });
  }
}
