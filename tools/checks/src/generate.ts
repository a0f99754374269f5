import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { root } from './contracts.ts';
import { generatedFiles } from './generated-files.ts';

for (const [path, text] of await generatedFiles()) {
  await mkdir(dirname(`${root}${path}`), { recursive: true });
  await writeFile(`${root}${path}`, text);
  console.log(`wrote ${path}`);
}
