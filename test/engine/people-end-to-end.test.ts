import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../engine/engine.ts';
import type { DecisionKind, Statement } from '../../shared/model/decision.ts';
import { ANY_OPEN } from '../../shared/model/queue.ts';
import { quiet } from '../store/databases.ts';
import { callBy } from './fake-writer.ts';
import { person } from './seed.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 21, 9);
const RESOURCES = fileURLToPath(new URL('../../resources/', import.meta.url));
const boss = person('boss', 'lead', { roles: ['admin'] });
const ana = person('ana', 'tier1');
const ben = person('ben', 'tier2');
const PEOPLE = 'id,name,tier,roles\nana,Ana Ruiz,tier1,\nben,Ben Ito,tier2,\nboss,Bo Ss,lead,admin';
const ROTA = [
  'person,starts,ends,kind',
  ...[9, 10, 11, 12, 13, 16].map((day) => {
    const date = `2026-11-${String(day).padStart(2, '0')}`;
    return `ana,${date}T08:00Z,${date}T16:00Z,`;
  }),
  'ana,2026-11-17T14:00Z,2026-11-17T22:00Z,',
  'ana,2026-11-18T06:00Z,2026-11-18T14:00Z,',
  'ana,2026-11-21T08:00Z,2026-11-21T16:00Z,',
  'ben,2026-11-21T08:00Z,2026-11-21T16:00Z,',
].join('\n');
const EVE = `${JSON.stringify({
  timestamp: '2026-11-21T08:59:00.000000+0000',
  flow_id: 1,
  event_type: 'alert',
  src_ip: '10.1.2.3',
  src_port: 4000,
  dest_ip: '203.0.113.9',
  dest_port: 443,
  proto: 'TCP',
  alert: {
    action: 'allowed',
    gid: 1,
    signature_id: 2024897,
    rev: 1,
    signature: 'ET TEST beacon',
    category: 'Trojan',
    severity: 1,
  },
})}\n`;

let nowMs = START;
let folder = '';
let engine: Engine;

function say(kind: DecisionKind): Statement {
  return {
    commandId: randomUUID(),
    kind,
    subjects: null,
    subjectsDigest: null,
    basedOn: [],
    reason: null,
    claimedAtMs: nowMs,
  };
}

beforeEach(async () => {
  nowMs = START;
  folder = mkdtempSync(join(tmpdir(), 'evenwatch-people-'));
  let drawn = 0;
  engine = await createEngine({
    target: { kind: 'sqlite', path: join(folder, 'evenwatch.db') },
    dataDir: folder,
    resourcesDir: RESOURCES,
    rulesDirs: [],
    ports: {
      clock: { nowMs: () => nowMs },
      random: { bytes: (length) => new Uint8Array(length).fill(++drawn) },
      log: quiet,
      secrets: { get: async () => null, set: async () => {} },
    },
    workspace: {
      describe: async () => ({ name: 'Test', isSample: false, preparing: null }),
      startOwn: async () => {
        throw new Error('not here');
      },
      version: '0.0.0',
    },
    writer: { kind: 'inline' },
    tickEveryMs: null,
    runsSources: false,
  });
  const importing = { statement: say('roster.import'), name: '', kind: 'people' as const, csv: PEOPLE };
  const host = { kind: 'system' as const, id: 'test' };
  await engine.writer.run('sources.importList', importing, host);
  await engine.handlers.sources.importList(callBy(boss), {
    statement: say('roster.import'),
    name: '',
    kind: 'roster',
    csv: ROTA,
  });
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

test('an uploaded alert is escalated with a question, answered, and the team sees where it lies', async () => {
  const { sources, queue, decisions, escalations, team, myWatch } = engine.handlers;
  const begin = { statement: say('lists.import'), name: 'eve.json', format: 'auto', isHistory: false };
  const { uploadId } = await sources.uploadBegin(callBy(ana), begin);
  await sources.uploadAppend(callBy(ana), { uploadId, offset: 0, base64: Buffer.from(EVE).toString('base64') });
  expect(await sources.uploadFinish(callBy(ana), { uploadId })).toMatchObject({ read: 1, stored: 1, queued: 1 });
  expect((await sources.summary(callBy(ana), {})).runs[0]?.origin).toBe('Uploaded: eve.json');

  const page = await queue.list(callBy(ana), { filter: ANY_OPEN, sort: 'priority', cursor: null, limit: 10 });
  const item = page.items[0];
  if (item === undefined) throw new Error('The alert must be in the queue');
  expect(item).toMatchObject({ tier: 'tier1', status: 'new' });
  expect(item.dueAtMs).toBeGreaterThan(nowMs);

  await decisions.escalate(callBy(ana), {
    statement: { ...say('group.escalate'), subjects: [item.id], basedOn: [item.version] },
    id: item.id,
    version: item.version,
    toTier: null,
    question: 'Is this beacon known?',
  });
  const [escalation] = await escalations.list(callBy(ben), { state: 'open', tier: 'tier2' });
  if (escalation === undefined) throw new Error('The escalation must be listed');
  expect(escalation).toMatchObject({ askedBy: 'ana', question: 'Is this beacon known?', backupId: 'ben' });
  await escalations.accept(callBy(ben), { statement: say('escalation.accept'), id: escalation.id });
  nowMs += 60_000;
  await escalations.answer(callBy(ben), {
    statement: say('escalation.answer'),
    id: escalation.id,
    answer: 'No: isolate the host.',
  });
  const detail = await queue.get(callBy(ana), { id: item.id });
  expect(detail.item).toMatchObject({ tier: 'tier2', assigneeId: 'ben', status: 'in_progress', dueAtMs: null });
  expect(detail.escalations[0]).toMatchObject({ status: 'answered', answer: 'No: isolate the host.' });
  expect(detail.timeline.map((entry) => entry.text).join('\n')).toContain('No: isolate the host.');

  const overview = await team.overview(callBy(boss), {});
  expect(overview.tiers.map((tier) => [tier.tier, tier.backlog, tier.onDuty])).toEqual([
    ['tier1', 0, 1],
    ['tier2', 1, 1],
    ['tier3', 0, 0],
    ['lead', 0, 0],
  ]);
  expect(overview.people.map((row) => [row.person.id, row.holding])).toEqual([
    ['ana', 0],
    ['ben', 1],
    ['boss', 0],
  ]);
  expect(overview.bands).toBeNull();
  const own = await myWatch.get(callBy(ana), {});
  expect(own.conditions.map((condition) => [condition.key, condition.band])).toEqual([
    ['load_ratio', 'green'],
    ['short_rest', 'red'],
  ]);
});

test('a band reaches a lead through the gate, the clock and 24 hours, and its owner sees who looked', async () => {
  const { team, myWatch } = engine.handlers;
  await engine.tick();
  const gate = {
    dpiaReference: 'DPIA-7',
    workersInformedOn: '2026-11-01',
    consultation: 'Heard on 2 November',
    purpose: 'Change the work before it wears people out',
    countryPolicy: 'EU',
  };
  await team.recordGate(callBy(boss), { statement: say('gate.record'), gate });
  nowMs += HOUR;
  await engine.tick();
  expect((await team.overview(callBy(boss), {})).bands).toEqual([]);
  nowMs += 24 * HOUR;
  const bands = (await team.overview(callBy(boss), {})).bands ?? [];
  expect(bands.find((band) => band.personId === 'ana')).toMatchObject({
    band: 'red',
    driver: 'Short rest between duties.',
  });
  expect((await myWatch.get(callBy(ana), {})).accessLog).toEqual([{ atMs: nowMs, viewerName: 'Bo Ss' }]);
});

test('a return gives the item back to who asked, with the reason in its timeline', async () => {
  const { alert, queue, decisions, escalations } = engine.handlers;
  const { groupId } = await alert.create(callBy(ana), {
    statement: say('alert.create'),
    title: 'A user phoned: a strange window',
    description: '',
    severity: 'high',
    observedAtMs: nowMs,
    host: 'lap-7',
    user: null,
    sourceIp: null,
    reportedBy: null,
  });
  const { item } = await queue.get(callBy(ana), { id: groupId });
  await decisions.escalate(callBy(ana), {
    statement: { ...say('group.escalate'), subjects: [item.id], basedOn: [item.version] },
    id: item.id,
    version: item.version,
    toTier: 'tier2',
    question: 'What is it?',
  });
  const [escalation] = await escalations.list(callBy(ben), { state: 'open', tier: null });
  await escalations.return(callBy(ben), {
    statement: say('escalation.return'),
    id: escalation?.id ?? 0,
    reason: 'Ask the user for a picture first.',
  });
  const back = await queue.get(callBy(ana), { id: groupId });
  expect(back.item).toMatchObject({ tier: 'tier1', assigneeId: 'ana', status: 'new' });
  expect(back.item.dueAtMs).toBe(nowMs + HOUR);
  expect(back.timeline.map((entry) => entry.text).join('\n')).toContain('Ask the user for a picture first.');
});
