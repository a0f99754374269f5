import { readFile } from 'node:fs/promises';
import { root } from './contracts.ts';
import { generatedFiles } from './generated-files.ts';

const stale: string[] = [];
for (const [path, text] of await generatedFiles()) {
  const committed = await readFile(`${root}${path}`, 'utf8').catch(() => '');
  if (committed !== text) stale.push(path);
}
if (stale.length > 0) {
  console.error(`${stale.join(', ')}: not what the catalogue says. Run: node tools/checks/src/generate.ts`);
  process.exitCode = 1;
} else {
  console.log('generated files are fresh');
}
