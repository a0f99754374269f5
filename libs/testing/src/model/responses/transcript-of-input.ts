/** A turn of a conversation that a request asks about. */
export interface TranscriptTurn {
  readonly speaker: 'caller' | 'assistant';
  readonly text: string;
}

const CALLER = /^(?:caller|user|client|customer|inbound)$/iu;

/** Reads the conversation out of a request's input: JSON with speakers and texts, or lines like "caller: ...". */
export function transcriptOf(input: string): TranscriptTurn[] {
  const start = input.search(/[[{]/u);
  if (start >= 0) {
    try {
      const turns = turnsIn(JSON.parse(input.slice(start)));
      if (turns.length > 0) return turns;
    } catch {
      // It is no JSON, so it is lines.
    }
  }
  return input.split('\n').flatMap(turnOfLine);
}

function turnsIn(value: unknown): TranscriptTurn[] {
  if (Array.isArray(value)) return value.flatMap(turnsIn);
  if (typeof value !== 'object' || value === null) return [];
  const record = value as Record<string, unknown>;
  const speaker = record['speaker'] ?? record['role'] ?? record['who'];
  const text = record['text'] ?? record['content'];
  if (typeof speaker === 'string' && typeof text === 'string')
    return [{ speaker: CALLER.test(speaker) ? 'caller' : 'assistant', text }];
  return Object.values(record).flatMap(turnsIn);
}

function turnOfLine(line: string): TranscriptTurn[] {
  const match = /^\W*(?:\d+\W+)?(\w+)[^:]{0,30}:\s*(.+)$/u.exec(line);
  if (!match) return line.trim() ? [{ speaker: 'caller', text: line.trim() }] : [];
  return [{ speaker: CALLER.test(match[1] ?? '') ? 'caller' : 'assistant', text: match[2]?.trim() ?? '' }];
}
