import { readFileSync } from 'node:fs';
import { EnvError } from '../env.js';

const KEY_BYTES = 32;

const fault = (name: string, what: string): EnvError =>
  new EnvError([{ name, fault: what, cure: `It must be ${KEY_BYTES} random bytes in base64.` }]);

const textOf = (env: MasterKeyEnv): { name: string; text: string } => {
  if (env.MASTER_KEY_FILE === undefined) return { name: 'MASTER_KEY', text: env.MASTER_KEY ?? '' };
  try {
    return { name: 'MASTER_KEY_FILE', text: readFileSync(env.MASTER_KEY_FILE, 'utf8') };
  } catch (error) {
    throw fault(
      'MASTER_KEY_FILE',
      `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
    );
  }
};

export interface MasterKeyEnv {
  readonly MASTER_KEY_FILE?: string | undefined;
  readonly MASTER_KEY?: string | undefined;
}

/**
 * The key that wraps every tenant's data key; the file wins when both are set.
 * @throws EnvError when it is missing, unreadable or not 32 bytes.
 */
export const readMasterKey = (env: MasterKeyEnv): Buffer => {
  const { name, text } = textOf(env);
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== KEY_BYTES) throw fault(name, `holds ${key.length} bytes`);
  return key;
};
