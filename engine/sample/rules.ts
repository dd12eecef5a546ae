import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const DAY_MS = 86_400_000;
const IN_DAYS = /\{\{in (\d+) days\}\}/g;

/** Puts dates where a template says `{{in 90 days}}`, counted from `fromMs`. */
export function renderRule(template: string, fromMs: number): string {
  return template.replace(IN_DAYS, (_, days: string) =>
    new Date(fromMs + Number(days) * DAY_MS).toISOString().slice(0, 10),
  );
}

/** Writes the sample company's rules into the workspace's own rule folder, with expiries that lie ahead of `fromMs`. */
export async function writeSampleRules(templatesDir: string, rulesDir: string, fromMs: number): Promise<string[]> {
  await mkdir(rulesDir, { recursive: true });
  const names = (await readdir(templatesDir)).filter((name) => name.endsWith('.yml')).sort();
  for (const name of names) {
    const template = await readFile(join(templatesDir, name), 'utf8');
    await writeFile(join(rulesDir, name), renderRule(template, fromMs));
  }
  return names;
}
