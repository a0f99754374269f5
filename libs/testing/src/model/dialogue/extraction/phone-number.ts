import type { Vocabulary } from '../languages/index.js';

/** Shorter runs of digits are times, prices or house numbers. */
const FEWEST_DIGITS = 7;
const MOST_DIGITS = 15;

/** The phone number in a sentence, dictated or written; of several the last, which is how people correct themselves. */
export function findPhoneNumber(text: string, vocabulary: Vocabulary): string | undefined {
  const runs = digitRuns(text, vocabulary).filter((run) => {
    const digits = run.replace('+', '').length;
    return digits >= FEWEST_DIGITS && digits <= MOST_DIGITS;
  });
  return runs.at(-1);
}

/** Digits in the groups in which people say them. */
export function groupDigits(number: string): string {
  const digits = number.replace(/\D/gu, '');
  const groups = groupSizes(digits).reduce<{ at: number; parts: string[] }>(
    ({ at, parts }, size) => ({ at: at + size, parts: [...parts, digits.slice(at, at + size)] }),
    { at: 0, parts: [] },
  );
  return groups.parts.join(' ');
}

function groupSizes(digits: string): number[] {
  if (digits.length === 7) return [3, 4];
  if (digits.length === 10) return [3, 3, 4];
  if (digits.length === 11) return digits.startsWith('0') ? [4, 3, 4] : [1, 3, 3, 4];
  return Array.from({ length: Math.ceil(digits.length / 3) }, () => 3);
}

function digitRuns(text: string, vocabulary: Vocabulary): string[] {
  const runs: string[] = [];
  let run = new SpokenDigits();
  let repeat = 1;
  for (const token of text.toLowerCase().match(/\+?\d+|\p{L}+(?:['’]\p{L}+)*|[.!?](?=\s|$)/gu) ?? []) {
    const value = Object.hasOwn(vocabulary.numbers, token) ? vocabulary.numbers[token] : undefined;
    if (/^\+?\d+$/u.test(token)) {
      run.addWritten(token);
    } else if (value !== undefined && !(token === 'oh' && run.isEmpty)) {
      for (let i = 0; i < repeat; i += 1) run.addSpoken(value);
    } else if (Object.hasOwn(vocabulary.doubles, token)) {
      repeat = vocabulary.doubles[token] ?? 1;
      continue;
    } else if (run.isEmpty || !vocabulary.numberFillers.includes(token)) {
      runs.push(run.toString());
      run = new SpokenDigits();
    }
    repeat = 1;
  }
  return [...runs, run.toString()].filter(Boolean);
}

/** Joins number words to digits: "five one four", "fifty-five", "cinq cent quatorze", "quatre-vingt-dix-neuf". */
class SpokenDigits {
  private written = '';
  private group: number | undefined;
  /** What may still be added to the group: below this. */
  private room = 0;

  get isEmpty(): boolean {
    return this.written === '' && this.group === undefined;
  }

  addWritten(digits: string): void {
    this.flush();
    this.written += digits;
  }

  addSpoken(value: number): void {
    if (this.group !== undefined && value === 100 && this.group > 0 && this.group < 10) {
      this.set(this.group * 100, 100);
    } else if (this.group === 4 && value === 20) {
      this.set(80, 20);
    } else if (this.group !== undefined && value > 0 && value < this.room && !isTenAlone(this.group, value)) {
      this.set(this.group + value, roomBeside(this.group, value));
    } else {
      this.flush();
      this.set(value, roomAfter(value));
    }
  }

  toString(): string {
    this.flush();
    return this.written;
  }

  private set(group: number, room: number): void {
    this.group = group;
    this.room = room;
  }

  private flush(): void {
    if (this.group !== undefined) this.written += String(this.group);
    this.group = undefined;
    this.room = 0;
  }
}

/** After twenty there is room for a unit, after sixty (in French) for up to nineteen, after hundreds for two digits. */
function roomAfter(value: number): number {
  if (value >= 100) return 100;
  if (value === 60) return 20;
  return value >= 10 && value % 10 === 0 ? 10 : 0;
}

function roomBeside(group: number, value: number): number {
  if (group === 80) return 20;
  return value % 10 === 0 ? roomAfter(value) : 0;
}

/** Ten takes only seven, eight and nine beside it, and that in French: "dix-huit". */
function isTenAlone(group: number, value: number): boolean {
  return group % 100 === 10 && value < 7;
}
