import { spawn } from 'node:child_process';
import {
  joinAudio,
  encodeMuLaw,
  rmsOfMuLaw,
  FRAME_BYTES,
  FRAME_MS,
  SAMPLE_RATE_HZ,
  wholeFrames,
} from './mulaw.js';
import { resample } from './resample.js';
import { readWav } from './wav.js';
import type { SpeakerVoice, SpeechLanguage } from './speech.js';

/** Where espeak-ng lies; it runs as a program of its own and is never linked. */
export interface EspeakProgram {
  readonly espeakPath: string;
  /** Directory of libespeak-ng when it is not installed system-wide. */
  readonly libraryPath?: string;
  /** Directory that contains `espeak-ng-data`. */
  readonly dataPath?: string;
}

/**
 * espeak-ng has no Tagalog. Indonesian stands in for it: another Austronesian language with nearly the same
 * vowels and the same spelling of most sounds. The words are Tagalog, the phonemes are a proxy.
 */
const ESPEAK_LANGUAGE: Readonly<Record<SpeechLanguage, string>> = {
  en: 'en-us',
  fr: 'fr',
  es: 'es-419',
  tl: 'id',
};
const VARIANT: Readonly<Record<SpeakerVoice, string>> = { caller: '+m3', assistant: '+f2' };
const WORDS_PER_MINUTE = 165;
const TIME_LIMIT_MS = 10_000;
/** Frames below this are silence between words; espeak's own pauses are digital zero. */
const QUIET_RMS = 60;
/** Longer pauses inside one text are cut to this, so that a full stop does not end the turn. */
const PAUSE_LIMIT_MS = 260;

export async function speakWithEspeak(
  program: EspeakProgram,
  text: string,
  language: SpeechLanguage,
  voice: SpeakerVoice,
): Promise<Uint8Array> {
  const { channels, sampleRateHz } = readWav(await runEspeak(program, text, `${ESPEAK_LANGUAGE[language]}${VARIANT[voice]}`));
  const [samples = new Int16Array()] = channels;
  return limitPauses(wholeFrames(encodeMuLaw(resample(samples, sampleRateHz, SAMPLE_RATE_HZ))));
}

function runEspeak(program: EspeakProgram, text: string, voice: string): Promise<Uint8Array> {
  const args = ['-v', voice, '-s', String(WORDS_PER_MINUTE), '-b', '1', '--stdout', '--stdin'];
  if (program.dataPath) args.unshift(`--path=${program.dataPath}`);
  const env = {
    PATH: process.env['PATH'],
    ...(program.libraryPath ? { LD_LIBRARY_PATH: program.libraryPath } : {}),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(program.espeakPath, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    const limit = setTimeout(() => child.kill('SIGKILL'), TIME_LIMIT_MS);
    const out: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => out.push(part));
    child.stderr.on('data', (part: Buffer) => complaints.push(part));
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => {
      clearTimeout(limit);
      reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(limit);
      if (code === 0) resolve(Buffer.concat(out));
      else
        reject(
          new Error(
            `espeak-ng ended with ${code ?? 'a signal'}: ${Buffer.concat(complaints).toString().trim().slice(0, 400)}`,
          ),
        );
    });
    child.stdin.end(text);
  });
}

function limitPauses(audio: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [];
  let quietMs = 0;
  for (let at = 0; at < audio.length; at += FRAME_BYTES) {
    quietMs = rmsOfMuLaw(audio, at, at + FRAME_BYTES) < QUIET_RMS ? quietMs + FRAME_MS : 0;
    const leading = kept.length === 0 && quietMs > 0;
    if (!leading && quietMs <= PAUSE_LIMIT_MS) kept.push(audio.subarray(at, at + FRAME_BYTES));
  }
  return joinAudio(...kept);
}
