import { Injectable } from '@nestjs/common';
import { PhraseStore } from '@tradeline/messaging';
import { log } from '@tradeline/service-runtime';
import { muLawWav } from '@tradeline/twilio';
import { TwilioDoor } from '../twilio/twilio-door.js';

/** A caller waits for the answer: what is not found by then is said by Twilio's voice. */
const LOOK_WITHIN_MS = 150;
/** When all lines are busy, many callers ask for the same. */
const REMEMBERED_MS = 60_000;
/** A SHA-256 in base64url: nothing else that lies beside the sounds has such a name. */
const SOUND_KEY = /^[A-Za-z0-9_-]{43}$/;

interface Remembered {
  readonly url: Promise<string | undefined>;
  readonly untilMs: number;
}

/** What tenants' own voices say where no assistant speaks; the bridges have made it. */
@Injectable()
export class RecordedPhrases {
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    private readonly store: PhraseStore,
    private readonly door: TwilioDoor,
  ) {}

  /** Addresses of "all lines are busy", by language, as far as there is sound of it. Never rejects. */
  async allLinesBusy(tenantId: string, languages: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await Promise.all(
      languages.map(async (language) => [language, await this.busyIn(tenantId, language)] as const),
    );
    return new Map(found.flatMap(([language, url]) => (url === undefined ? [] : [[language, url]])));
  }

  /** The file that Twilio plays; undefined when there is no such sound. */
  async file(key: string): Promise<Uint8Array | undefined> {
    const sound = SOUND_KEY.test(key) ? await this.store.get(key) : undefined;
    return sound && muLawWav(sound.bytes);
  }

  private busyIn(tenantId: string, language: string): Promise<string | undefined> {
    const name = `${tenantId} ${language}`;
    const known = this.remembered.get(name);
    if (known && known.untilMs > Date.now()) return known.url;
    const url = this.look(tenantId, language);
    this.remembered.set(name, { url, untilMs: Date.now() + REMEMBERED_MS });
    return url;
  }

  private look(tenantId: string, language: string): Promise<string | undefined> {
    const looking = this.store.busy(tenantId, language).then(
      (key) => (key === undefined ? undefined : this.door.addressOfPhrase(key)),
      (error: unknown) => {
        log.warn('phrase_not_found_out', { tenantId, error });
        return undefined;
      },
    );
    let timer: NodeJS.Timeout;
    const outOfTime = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), LOOK_WITHIN_MS);
    });
    return Promise.race([looking, outOfTime]).finally(() => clearTimeout(timer));
  }
}
