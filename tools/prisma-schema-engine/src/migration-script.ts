/** "Add the lead's e-mail" -> "20261122083000_add_the_lead_s_e_mail", as Prisma names migrations. */
export function migrationName(name: string, now: Date): string {
  const stamp = now.toISOString().replace(/\D/g, '').slice(0, 14);
  const slug = name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 200);
  return slug ? `${stamp}_${slug}` : stamp;
}

/** The script with what it may destroy said on top. */
export function withWarnings(script: string, warnings: readonly string[]): string {
  if (warnings.length === 0) return script;
  return `/*\n  Warnings:\n\n${warnings.map((warning) => `  - ${warning}`).join('\n')}\n\n*/\n${script}`;
}
