import { fileURLToPath } from 'node:url';
import {
  createFakeElevenLabs,
  createFakeOpenAi,
  createHubSpot,
  createMailbox,
  createSpeech,
  FakeTwilio,
  PhraseBook,
  type SpeakerVoice,
  type Speech,
} from '@tradeline/testing';
import type { NarrationLine } from './caller/narration.js';
import { ControlApi } from './control/control-api.js';
import { FaultControl } from './control/fault-control.js';
import { ScenarioPlayer } from './control/scenario-player.js';
import type { SandboxEnv } from './env.js';
import { HttpOrigin } from './http-origin.js';
import { IndexPage } from './index-page.js';
import { readScenarios } from './scenarios/read-scenarios.js';

export interface RunningSandbox {
  readonly url: string;
  readonly smtpUrl: string;
  stop(): Promise<void>;
}

const SCENARIOS = fileURLToPath(new URL('../scenarios', import.meta.url));

/** Opens the outside world: one HTTP origin for all its parties, and an SMTP port. */
export async function startSandbox(
  env: SandboxEnv,
  log: (line: NarrationLine) => void = () => undefined,
): Promise<RunningSandbox> {
  const scenarios = readScenarios(SCENARIOS);
  const speech = await workingSpeech(env);
  // Speakers write into it what a text sounds like, listeners look up the sound: ears without a way to cheat.
  const phraseBook = new PhraseBook();
  const aloud = async (text: string, language: string, voice: SpeakerVoice): Promise<Uint8Array> => {
    const audio = await speech.speak(text, language, voice);
    phraseBook.register(text, language, audio);
    return audio;
  };
  const network = new FakeTwilio({
    authToken: env.TWILIO_AUTH_TOKEN,
    ...(env.TWILIO_ACCOUNT_SID ? { accountSid: env.TWILIO_ACCOUNT_SID } : {}),
    ...(env.PUBLIC_URL ? { publicUrl: env.PUBLIC_URL } : {}),
    speak: (text, language) => aloud(text, language, 'assistant'),
  });
  const openAi = createFakeOpenAi({ speech, phraseBook });
  const elevenLabs = createFakeElevenLabs({ prefix: '/elevenlabs', speech, phraseBook });
  const mailbox = createMailbox({ prefix: '/mailbox' });
  const hubspot = createHubSpot({ prefix: '/hubspot' });
  const player = new ScenarioPlayer(
    network,
    phraseBook,
    (text, language) => aloud(text, language, 'caller'),
    log,
  );
  const smtpUrl = await mailbox.listenSmtp(env.SMTP_PORT, env.HOST);
  const index = new IndexPage({
    scenarios,
    publicUrl: env.PUBLIC_URL,
    smtpUrl: () => smtpUrl,
    voice: speech.engine,
  });
  const origin = new HttpOrigin([
    index,
    new ControlApi(scenarios, player, () => network.notices),
    new FaultControl(hubspot, mailbox),
    network,
    elevenLabs,
    openAi,
    mailbox,
    hubspot,
  ]);
  const url = await origin.listen(env.HOST, env.PORT);
  return {
    url,
    smtpUrl,
    stop: async () => {
      await network.hangUpAll();
      await Promise.all([openAi.close(), elevenLabs.close(), origin.close(), mailbox.close()]);
    },
  };
}

/** espeak-ng where it is named and runs; tones where it does not, so that a missing library silences nobody. */
async function workingSpeech(env: SandboxEnv): Promise<Speech> {
  if (!env.ESPEAK_PATH) return createSpeech();
  const speech = createSpeech({
    espeakPath: env.ESPEAK_PATH,
    ...(env.ESPEAK_LIBRARY_PATH ? { libraryPath: env.ESPEAK_LIBRARY_PATH } : {}),
    ...(env.ESPEAK_DATA_PATH ? { dataPath: env.ESPEAK_DATA_PATH } : {}),
  });
  try {
    await speech.speak('Hello', 'en', 'caller');
    return speech;
  } catch (error) {
    process.stderr.write(
      `espeak-ng cannot speak, tones are used instead: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return createSpeech();
  }
}
