import { Failure } from '../failure.ts';

export interface Scenario {
  readonly name: string;
  readonly language: string;
  readonly title: string;
  /** Part of the demo; the others try the assistant. */
  readonly demo: boolean;
  /** What should become of the call. */
  readonly expected?: {
    readonly outcome: 'qualified' | 'dismissed';
    readonly fields?: Readonly<Record<string, string>>;
  };
}

/** One line of a call's narration. */
export interface Narration {
  readonly type: string;
  readonly who?: 'caller' | 'assistant';
  readonly text?: string;
  readonly atMs?: number;
  readonly callSid?: string;
  readonly durationMs?: number;
  readonly reason?: string;
  /** `recorded` only: bytes of the recording's file (base64), and where in it they belong. */
  readonly bytes?: string;
  readonly at?: number;
}

/** @throws Failure when the sandbox is not there */
export const listScenarios = async (sandboxUrl: string): Promise<Scenario[]> => {
  const response = await fetch(`${sandboxUrl}/control/scenarios`);
  if (!response.ok)
    throw new Failure(`The sandbox answered ${response.status} when asked for its scenarios.`);
  return (await response.json()) as Scenario[];
};

/** Plays a scenario and gives its narration line by line, as it happens. */
export async function* playScenario(
  sandboxUrl: string,
  order: { readonly scenario: string; readonly to: string; readonly record: boolean },
): AsyncGenerator<Narration> {
  const response = await fetch(`${sandboxUrl}/control/calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  if (!response.ok || !response.body) {
    throw new Failure(
      `The sandbox would not place the call (${response.status}): ${(await response.text()).slice(0, 300)}`,
    );
  }
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim()) yield JSON.parse(line) as Narration;
  }
}
