import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecords } from '../../../../engine/ingest/records.ts';
import { fileProblem, listAlertFiles, openAlertFile } from '../../../../engine/ingest/sources/file.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'evenwatch-file-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function put(name: string, text = '{"a":1}\n'): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

describe('alert files', () => {
  it('takes the alert files of a directory, and not what lies beside or below them', async () => {
    for (const name of [
      'eve.json',
      'a.jsonl',
      'b.ndjson',
      'c.log',
      'd.json.gz',
      'eve.json.1',
      'eve.json-20261102.gz',
    ]) {
      await put(name);
    }
    await put('notes.txt');
    await put('eve.json.bak');
    await mkdir(join(directory, 'sub.json'));
    const { files, problems } = await listAlertFiles([directory]);
    expect(files.map((file) => file.slice(directory.length + 1))).toEqual([
      'a.jsonl',
      'b.ndjson',
      'c.log',
      'd.json.gz',
      'eve.json',
      'eve.json-20261102.gz',
      'eve.json.1',
    ]);
    expect(problems).toEqual([]);
  });

  it('takes a named file whatever its name, each once, and standard input', async () => {
    const path = await put('notes.txt');
    expect((await listAlertFiles([path, '-', path])).files).toEqual([path, '-']);
  });

  it('says what is wrong with the others', async () => {
    const good = await put('good.json');
    const empty = join(directory, 'empty');
    await mkdir(empty);
    const { files, problems } = await listAlertFiles([join(directory, 'gone.json'), empty, join(good, 'x'), good]);
    expect(files).toEqual([good]);
    expect(problems.map((problem) => problem.message)).toEqual([
      'there is no such file; check the path',
      'it is a directory without alert files (*.json, *.jsonl, *.ndjson, *.log, *.gz); name the files themselves',
      'a part of the path is a file and no directory; check the path',
    ]);
  });

  if (process.getuid?.() === 0) console.warn('Skipped: a file without permission, because root may read everything.');
  it.skipIf(process.getuid?.() === 0)('says that it has no permission', async () => {
    const path = await put('secret.json');
    await chmod(path, 0);
    expect((await listAlertFiles([path])).problems[0]?.message).toContain('no permission');
  });

  it('has words for each error that people meet', () => {
    expect(fileProblem(Object.assign(new Error('x'), { code: 'EACCES' }))).toContain('no permission');
    expect(fileProblem(Object.assign(new Error('x'), { code: 'EISDIR' }))).toContain('is a directory');
    expect(fileProblem('odd')).toBe('odd');
  });

  it('ends in a fault, not in an exception, when a file cannot be read to its end', async () => {
    const records = [];
    for await (const batch of readRecords(openAlertFile(directory))) records.push(...batch);
    expect(records).toMatchObject([{ kind: 'fault', reason: 'unreadable' }]);
  });
});
