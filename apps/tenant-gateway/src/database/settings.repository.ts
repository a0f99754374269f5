import { Injectable } from '@nestjs/common';
import {
  AlertSettingsChangedSchema,
  AssistantProfileChangedSchema,
  PhoneNumbersChangedSchema,
} from '@tradeline/contracts';
import { appendEvent } from '@tradeline/messaging';
import { TenantKeys, type FieldCipher } from '@tradeline/service-runtime';
import type { Caller } from '../domain/caller.js';
import type { AlertSettings, AssistantProfile, PhoneNumber } from '../domain/settings.js';
import { audit } from './api-key.repository.js';
import { NumberIndex } from './number-index.js';
import { isUniqueViolation, TenantsDatabase, type TenantsTransaction } from './prisma.js';

/** A number that another tenant has. */
export class NumberTaken extends Error {
  override readonly name = 'NumberTaken';

  constructor(readonly number: string) {
    super('the number belongs to another account');
  }
}

const PROFILE = 'assistant_profiles.profile';
const ALERTS = 'alert_settings.settings';
const NUMBER = 'phone_numbers.number';

/** A tenant's settings. Every change is told as a whole snapshot, in the transaction that makes it. */
@Injectable()
export class SettingsRepository {
  constructor(
    private readonly database: TenantsDatabase,
    private readonly keys: TenantKeys,
    private readonly numberIndex: NumberIndex,
  ) {}

  async numbers(tenantId: string): Promise<PhoneNumber[]> {
    return this.#read(tenantId, async (tx, cipher) => {
      const rows = await tx.phoneNumber.findMany({ orderBy: { position: 'asc' } });
      return rows.map(({ number, label, active }) => ({
        number: cipher.open(number, NUMBER),
        label,
        active,
      }));
    });
  }

  /** @throws NumberTaken */
  async replaceNumbers(caller: Caller, numbers: readonly PhoneNumber[]): Promise<void> {
    await this.#change(caller, 'numbers.replaced', async (tx, cipher, tenantId) => {
      await tx.phoneNumber.deleteMany();
      for (const [position, { number, label, active }] of numbers.entries()) {
        const row = {
          numberHash: this.numberIndex.hash(number),
          tenantId,
          number: cipher.seal(number, NUMBER),
        };
        await tx.phoneNumber.create({ data: { ...row, label, active, position } }).catch((error: unknown) => {
          throw isUniqueViolation(error) ? new NumberTaken(number) : error;
        });
      }
      await appendEvent(
        tx,
        this.keys,
        PhoneNumbersChangedSchema,
        { numbers: numbers.map((number) => ({ ...number })) },
        { tenantId },
      );
    });
  }

  async assistant(tenantId: string): Promise<AssistantProfile> {
    return this.#read(tenantId, (tx, cipher) => readProfile(tx, cipher, tenantId));
  }

  async replaceAssistant(caller: Caller, profile: AssistantProfile): Promise<void> {
    await this.#change(caller, 'assistant.replaced', async (tx, cipher, tenantId) => {
      await this.writeAssistant(tx, cipher, tenantId, profile);
      // The mails carry the business's name and times in its zone, so they follow the profile.
      await this.#sayAlerts(tx, tenantId, await readAlerts(tx, cipher, tenantId), profile);
    });
  }

  async alerts(tenantId: string): Promise<AlertSettings> {
    return this.#read(tenantId, (tx, cipher) => readAlerts(tx, cipher, tenantId));
  }

  async replaceAlerts(caller: Caller, alerts: AlertSettings): Promise<void> {
    await this.#change(caller, 'alerts.replaced', async (tx, cipher, tenantId) => {
      await this.writeAlerts(tx, cipher, tenantId, alerts, await readProfile(tx, cipher, tenantId));
    });
  }

  async writeAssistant(
    tx: TenantsTransaction,
    cipher: FieldCipher,
    tenantId: string,
    profile: AssistantProfile,
  ): Promise<void> {
    const row = { profile: cipher.seal(JSON.stringify(profile), PROFILE), updatedAt: new Date() };
    await tx.assistantProfile.upsert({ where: { tenantId }, create: { tenantId, ...row }, update: row });
    const { languages, services, facts, datedFacts, escalationWords, greetings } = profile;
    const lists = {
      languages: [...languages],
      services: [...services],
      facts: [...facts],
      datedFacts: datedFacts.map((fact) => ({ ...fact })),
      escalationWords: [...escalationWords],
    };
    await appendEvent(
      tx,
      this.keys,
      AssistantProfileChangedSchema,
      { ...profile, ...lists, greetings: { ...greetings } },
      { tenantId },
    );
  }

  async writeAlerts(
    tx: TenantsTransaction,
    cipher: FieldCipher,
    tenantId: string,
    alerts: AlertSettings,
    profile: AssistantProfile,
  ): Promise<void> {
    const row = { settings: cipher.seal(JSON.stringify(alerts), ALERTS), updatedAt: new Date() };
    await tx.alertSettings.upsert({ where: { tenantId }, create: { tenantId, ...row }, update: row });
    await this.#sayAlerts(tx, tenantId, alerts, profile);
  }

  async #sayAlerts(
    tx: TenantsTransaction,
    tenantId: string,
    alerts: AlertSettings,
    profile: AssistantProfile,
  ): Promise<void> {
    const { timeZone, businessName } = profile;
    const init = { ...alerts, mailRecipients: [...alerts.mailRecipients], timeZone, businessName };
    await appendEvent(tx, this.keys, AlertSettingsChangedSchema, init, { tenantId });
  }

  #read<R>(tenantId: string, read: (tx: TenantsTransaction, cipher: FieldCipher) => Promise<R>): Promise<R> {
    return this.database.inTenant(tenantId, async (tx) => read(tx, await this.keys.cipherFor(tx, tenantId)));
  }

  async #change(
    { tenantId, keyId }: Caller,
    action: string,
    change: (tx: TenantsTransaction, cipher: FieldCipher, tenantId: string) => Promise<void>,
  ): Promise<void> {
    await this.database.inTenant(tenantId, async (tx) => {
      // One change of a tenant at a time: snapshots are told in the order in which they become true.
      await tx.$executeRawUnsafe('SELECT 1 FROM tenants WHERE tenant_id = $1 FOR UPDATE', tenantId);
      await change(tx, await this.keys.cipherFor(tx, tenantId), tenantId);
      await audit(tx, tenantId, `key:${keyId}`, action);
    });
  }
}

const readProfile = async (
  tx: TenantsTransaction,
  cipher: FieldCipher,
  tenantId: string,
): Promise<AssistantProfile> => {
  const row = await tx.assistantProfile.findUniqueOrThrow({ where: { tenantId } });
  const stored = JSON.parse(cipher.open(row.profile, PROFILE)) as AssistantProfile;
  // A profile may have been stored before there was a choice.
  return {
    ...stored,
    datedFacts: stored.datedFacts ?? [],
    adapter: stored.adapter ?? 'openai-realtime',
    elevenlabsVoiceId: stored.elevenlabsVoiceId ?? '',
  };
};

const readAlerts = async (
  tx: TenantsTransaction,
  cipher: FieldCipher,
  tenantId: string,
): Promise<AlertSettings> => {
  const row = await tx.alertSettings.findUniqueOrThrow({ where: { tenantId } });
  return JSON.parse(cipher.open(row.settings, ALERTS)) as AlertSettings;
};
