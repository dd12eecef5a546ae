import { describe, expect, test } from 'vitest';
import { checkWindows, loadPolicies } from '../../../engine/policies.ts';
import { keepAnswer } from '../../../engine/store/answers.ts';
import { logBandAccess, saveBand } from '../../../engine/store/bands.ts';
import { addHandlingSample } from '../../../engine/store/decision-facts.ts';
import { appendChange } from '../../../engine/store/feed.ts';
import { replaceDuties, replacePeople } from '../../../engine/store/people.ts';
import { purgeOld } from '../../../engine/store/retention.ts';
import type { Store } from '../../../engine/store/store.ts';
import { retentionPolicySchema } from '../../../shared/model/policy.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { openSetting } from '../engine-setting.ts';
import { person } from '../seed.ts';

const policies = loadPolicies();
const { retention } = policies;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WROTE = Date.UTC(2026, 10, 21, 12);

type Purged = keyof typeof retention.purged;
const TABLES = Object.keys(retention.purged) as Purged[];

/** One row in every table that is purged, all of the same instant, and what must never go. */
async function writeEverything(store: Store): Promise<void> {
  await store.write(async (tx) => {
    await replacePeople(tx, [person('zoe', 'tier1')]);
    await replaceDuties(
      tx,
      [{ personId: 'zoe', startsAtMs: WROTE - 8 * HOUR, endsAtMs: WROTE, kind: 'shift' }],
      WROTE - DAY,
    );
    await saveBand(tx, {
      personId: 'zoe',
      condition: 'for_lead',
      band: 'amber',
      sinceMs: WROTE,
      driver: 'Short rest between duties.',
      action: null,
    });
    await tx
      .insertInto('own_remark')
      .values({
        id: 1,
        person_id: 'zoe',
        about: 'band',
        kind: 'comment',
        text: 'I had swapped',
        at_ms: WROTE,
        duty_kind: null,
        duty_starts_at_ms: null,
        duty_ends_at_ms: null,
        answer: null,
        answered_by: null,
        answered_at_ms: null,
      })
      .execute();
    await logBandAccess(tx, ['zoe'], 'Dee Example', WROTE);
    await addHandlingSample(tx, { class: 'high:wazuh', day: Math.floor(WROTE / DAY), minutes: 12 });
    await keepAnswer(tx, { actor: 'person:zoe', commandId: 'a', digest: 'd', answerJson: '{}', atMs: WROTE });
  });
}

async function rowsIn(store: Store, table: Purged): Promise<number> {
  return store.read(async (db) => {
    const row = await db
      .selectFrom(table as 'duty')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    return Number(row.n);
  });
}

describeOnBothStores('what is old', (open) => {
  test.each(TABLES)('%s goes when its days are over, and not an hour before', async (table) => {
    const { store } = await open();
    await writeEverything(store);
    // A sample has no hour, so that it goes with its day.
    const keptMs = retention.purged[table].days * DAY;
    const last = table === 'handling_sample' ? Math.floor(WROTE / DAY) * DAY + keptMs + DAY - 1 : WROTE + keptMs;
    await store.write((tx) => purgeOld(tx, last, retention));
    expect(await rowsIn(store, table)).toBe(1);
    const purged = await store.write((tx) => purgeOld(tx, last + 1, retention));
    expect(purged[table]).toBe(1);
    expect(await rowsIn(store, table)).toBe(0);
    expect((await store.write((tx) => purgeOld(tx, last + 1, retention)))[table]).toBe(0);
  });

  test('a tick with the clock moved on deletes it, and the person stays on the team', async () => {
    const { store, target } = await open();
    await writeEverything(store);
    const setting = await openSetting(target);
    setting.clock.atMs = WROTE + DAY;
    await setting.engine.tick();
    // Nothing is on record that would let a band be kept.
    for (const table of TABLES) expect(await rowsIn(store, table), table).toBe(table === 'strain_band' ? 0 : 1);
    setting.clock.atMs = WROTE + 366 * DAY;
    await setting.engine.tick();
    for (const table of TABLES) expect(await rowsIn(store, table), table).toBe(0);
    const names = await store.read((db) => db.selectFrom('person').select('id').where('id', '=', 'zoe').execute());
    expect(names).toEqual([{ id: 'zoe' }]);
    await setting.close();
  });

  test('the change feed keeps seven days', async () => {
    const { store, target } = await open();
    const setting = await openSetting(target);
    await store.write(async (tx) => {
      await appendChange(tx, { kinds: ['band'], firstId: null, lastId: null, atMs: WROTE });
      await appendChange(tx, { kinds: ['band'], firstId: null, lastId: null, atMs: WROTE + DAY });
    });
    setting.clock.atMs = WROTE + 7 * DAY;
    await setting.engine.tick();
    const oldest = () => store.read((db) => db.selectFrom('change_feed').select('seq').orderBy('seq').execute());
    expect((await oldest())[0]?.seq).toBe(1);
    setting.clock.atMs = WROTE + 7 * DAY + HOUR;
    await setting.engine.tick();
    expect((await oldest())[0]?.seq).toBe(2);
    await setting.close();
  });
});

/** Tables in which nobody of the team stands, and what they hold instead. */
const NOBODY_OF_THE_TEAM: Readonly<Record<string, string>> = {
  alert: 'what products sent',
  alert_revision: 'what products sent',
  assurance_day: 'counts by rule and day',
  assurance_hour: 'counts by rule and hour',
  assurance_point: 'bounds by rule and day',
  canary: 'planted alerts and the rules that would have closed them',
  rule_assurance: 'how far each rule is shown to close rightly',
  change_feed: 'that something changed, not who did it',
  counter: 'the next number of each table',
  dead_letter: 'what products sent and nobody could read',
  dedupe: 'digests of what products sent',
  entity_tactic: 'what alerts name',
  family_stat: 'counts by product and severity',
  format_count: 'counts by format',
  group_entity: 'what alerts name',
  group_link: 'where a group is found now',
  group_rule: 'which rule matched which group',
  group_seen: 'digests of what alerts say',
  group_seen_to: 'how far those digests go',
  hourly_flow: 'counts by hour and tier',
  ingest_run: 'which file was read when',
  letter_room: 'how much text of each source could not be read',
  lookup: 'lists that rules ask',
  mapping_version: 'mapping files of the workspace',
  origin: 'where alerts came from',
  dropped_block: 'when originals were dropped',
  kept_original: 'what products sent',
  original_block: 'what products sent',
  original_index: 'age and size of originals',
  rule_day: 'counts by rule and day',
  rule_window: 'how many groups a rule made',
  schema_migration: 'steps of the tables',
  source_rule: 'rules of products with what came of them',
  source: 'where alerts come from by themselves',
  source_cursor: 'how far each source was read',
  source_health: 'how each source does',
  source_hour: 'what came from each source by hour',
};
/** Named like a person and none: whose evidence a bound rests on, the rule's own or its family's. */
const NO_PERSON: ReadonlySet<string> = new Set(['rule_assurance.bound_by']);
const NAMES_A_PERSON = /person|assignee|author|actor|owner|viewer|analyst|user_|backup_id|(^|_)(by|who)$/;

describeOnBothStores('every table that names a person', (open) => {
  test('has an entry in the retention policy, with each of the columns', async () => {
    const { store } = await open();
    const found = await store.write((tx) => tx.introspection.getTables());
    expect(found.length).toBeGreaterThan(30);
    const entries: Record<string, { personColumns: string[] }> = { ...retention.purged, ...retention.kept };
    const unknown = found.map(({ name }) => name).filter((name) => !(name in entries) && !(name in NOBODY_OF_THE_TEAM));
    expect(unknown, 'Say in retention.json how long it is kept, or here that it names nobody').toEqual([]);
    for (const { name, columns } of found) {
      const naming = columns.filter(
        (column) =>
          /text/i.test(column.dataType) &&
          NAMES_A_PERSON.test(column.name) &&
          !/_kind$/.test(column.name) &&
          !NO_PERSON.has(`${name}.${column.name}`),
      );
      const told = entries[name]?.personColumns ?? [];
      expect(told, name).toEqual(expect.arrayContaining(naming.map((column) => column.name)));
      const existing = columns.map((column) => column.name);
      expect(existing, name).toEqual(expect.arrayContaining(told));
    }
    const names = found.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(entries)));
    expect(Object.keys(entries).filter((name) => name in NOBODY_OF_THE_TEAM)).toEqual([]);
  });
});

describe('the retention policy', () => {
  test('keeps what the product promises at most', () => {
    const days = Object.fromEntries(TABLES.map((table) => [table, retention.purged[table].days]));
    expect(days).toEqual({
      strain_band: 8 * 7,
      own_remark: 8 * 7,
      duty: 17 * 7,
      band_access: 365,
      handling_sample: 97,
      command_answer: 30,
    });
    expect(retention.basis).toBe('default');
    expect(retention.note).toContain('Default, adjustable');
  });

  test('says of the record of cases that it is one', () => {
    for (const table of ['decision', 'note', 'escalation', 'alert_group']) {
      expect(retention.kept[table]?.until).toBe('case_record');
      expect(retention.kept[table]?.why).toContain('security record of the case');
    }
  });

  test('is refused when a table is left out, or when a condition could no longer look back', () => {
    const { duty: _left, ...others } = retention.purged;
    expect(retentionPolicySchema.safeParse({ ...retention, purged: others }).success).toBe(false);
    const short = { ...retention, purged: { ...retention.purged, duty: { ...retention.purged.duty, days: 20 } } };
    expect(() => checkWindows({ ...policies, retention: short })).toThrow('keeps duty for 20 days');
  });
});
