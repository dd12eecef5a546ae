import { expect, test } from 'vitest';
import { replacePeople } from '../../../engine/store/people.ts';
import type { Store } from '../../../engine/store/store.ts';
import { automationCommands, automationHandlers } from '../../../engine/triage/automation-handlers.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { statement } from '../command-context.ts';
import { benchFor, callBy } from '../fake-writer.ts';
import { person, seedGroup } from '../seed.ts';
import { ruleRow } from '../triage-rows.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 21, 12);
const TODAY = Math.floor(NOW / DAY);
const dee = person('dee', 'lead');

async function seed(store: Store): Promise<void> {
  const run = (id: number, day: number, autoClosed: number, queued: number) => ({
    id,
    origin: 'eve.json',
    started_at_ms: day * DAY + 5,
    report_json: JSON.stringify({ autoClosed, queued }),
  });
  await store.write(async (tx) => {
    await replacePeople(tx, [dee]);
    await tx
      .insertInto('rule_version')
      .values([
        ruleRow('b', { title: 'Beta', version: 2 }),
        ruleRow('b', { title: 'Beta', version: 1, is_current: 0, owner: 'Somebody before' }),
        ruleRow('a', { title: 'Alpha', expires: '2026-11-20' }),
      ])
      .execute();
    await tx
      .insertInto('rule_day')
      .values([
        { rule_id: 'a', day: TODAY, closed: 5, would_close: 0, withheld: 2 },
        { rule_id: 'b', day: TODAY, closed: 3, would_close: 0, withheld: 0 },
        { rule_id: 'b', day: TODAY - 1, closed: 7, would_close: 0, withheld: 1 },
        { rule_id: 'b', day: TODAY - 9, closed: 100, would_close: 0, withheld: 100 },
      ])
      .execute();
    await tx
      .insertInto('ingest_run')
      .values([run(1, TODAY - 9, 100, 9), run(2, TODAY - 1, 8, 2), run(3, TODAY, 10, 30)])
      .execute();
  });
}

describeOnBothStores('the automation view', (open) => {
  test('adds up: what came in is what rules closed, what came closed, and what people got', async () => {
    const { store } = await open();
    await seed(store);
    const { deps } = benchFor(store, NOW, [automationCommands()]);
    const summary = await automationHandlers(deps).automation.summary(callBy(dee), { sinceMs: NOW - DAY });
    expect(summary).toMatchObject({
      sinceMs: (TODAY - 1) * DAY,
      asOfMs: NOW,
      paused: false,
      pausedBy: null,
      received: 50,
      closedByRules: 15,
      closedAtSource: 3,
      queued: 32,
      withheldByGuards: 3,
      days: [
        { dayMs: (TODAY - 1) * DAY, closedByRules: 7, queued: 2 },
        { dayMs: TODAY * DAY, closedByRules: 8, queued: 30 },
      ],
    });
    expect(summary.rules.map((rule) => [rule.title, rule.version, rule.problems.length])).toEqual([
      ['Alpha', 1, 1],
      ['Beta', 2, 0],
    ]);
  });

  test('pausing is one entry, is seen, makes triage read again, and twice is no error', async () => {
    const { store } = await open();
    await seed(store);
    const { deps, work } = benchFor(store, NOW, [automationCommands()]);
    const { automation } = automationHandlers(deps);
    const pause = (paused: boolean) =>
      automation.pause(callBy(dee), {
        statement: statement(paused ? 'automation.pause' : 'automation.resume'),
        paused,
        reason: 'A rule ran wild',
      });
    const first = await pause(true);
    expect(first.summary).toBe('Paused all automation: A rule ran wild');
    expect(first.seq).toBeGreaterThan(0);
    expect(work.calls).toEqual(['reloadTriage']);
    expect(await automation.summary(callBy(dee), { sinceMs: NOW })).toMatchObject({
      paused: true,
      pausedBy: 'Dee Example',
    });
    expect(await pause(true)).toMatchObject({ decisionId: null, changed: 0 });
    expect((await pause(false)).summary).toBe('Resumed all automation: A rule ran wild');
    const kinds = await store.read((db) => db.selectFrom('decision').select('kind').orderBy('seq').execute());
    expect(kinds.map((entry) => entry.kind)).toEqual(['automation.pause', 'automation.resume']);
  });

  test('closures come newest first with rule, version, owner and fields, page by page', async () => {
    const { store } = await open();
    await seed(store);
    const matched = [{ selection: 's', field: 'source.ip', pattern: 'cidr 10.20.0.0/24', value: '10.20.0.5' }];
    const ids = await store.write(async (tx) => {
      const made: number[] = [];
      for (let index = 0; index < 7; index++) {
        const id = await seedGroup(
          tx,
          {
            is_open: 0,
            status: 'closed',
            disposition: 'false_positive',
            closed_by_kind: 'rule',
            closed_by: index === 3 ? 'a' : 'b',
            closing_rule_version: 1,
            // Two pairs of the same time: the id has to decide.
            closed_at_ms: NOW - Math.floor(index / 2),
            close_reason: index === 0 ? 'The sentence of the time.' : null,
          },
          NOW,
        );
        await tx
          .insertInto('group_rule')
          .values({
            group_id: id,
            rule_id: index === 3 ? 'a' : 'b',
            rule_version: 1,
            mode: 'acted',
            why: null,
            matched_json: JSON.stringify(matched),
            count: 1,
          })
          .execute();
        made.push(id);
      }
      await seedGroup(tx, { is_open: 0, status: 'closed', closed_by_kind: 'person', closed_at_ms: NOW }, NOW);
      return made;
    });
    const { deps } = benchFor(store, NOW, [automationCommands()]);
    const { automation } = automationHandlers(deps);
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const page = await automation.closures(callBy(dee), { ruleId: null, cursor, limit: 2 });
      expect(page.closures.length).toBeLessThanOrEqual(2);
      seen.push(...page.closures.map((closure) => closure.item.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(ids);
    const page = await automation.closures(callBy(dee), { ruleId: 'b', cursor: null, limit: 100 });
    expect(page.closures.map((closure) => closure.item.id)).toEqual(ids.filter((_, index) => index !== 3));
    expect(page.closures[0]).toMatchObject({
      ruleTitle: 'Beta',
      ruleVersion: 1,
      owner: 'Somebody before',
      why: 'The sentence of the time; nothing that this rule closes is drawn for audit.',
      matched,
      item: { closedBy: { kind: 'rule', name: 'Beta', ruleVersion: 1 } },
    });
    expect(page.closures[1]?.why).toBe('“Beta” version 1 closed it; nothing that this rule closes is drawn for audit.');
  });

  test('a rule is shown in force, with its text', async () => {
    const { store } = await open();
    await seed(store);
    const { deps } = benchFor(store, NOW, [automationCommands()]);
    const { automation } = automationHandlers(deps);
    expect(await automation.rule(callBy(dee), { id: 'b' })).toMatchObject({
      summary: { version: 2, owner: 'Detection lead' },
      document: 'title: x',
    });
    await expect(automation.rule(callBy(dee), { id: 'zzz' })).rejects.toMatchObject({ code: 'not_found' });
  });
});
