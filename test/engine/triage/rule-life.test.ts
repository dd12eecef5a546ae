import { expect, it } from 'vitest';
import { changeBacktest, insertBacktestHits, newestBacktestOf } from '../../../engine/store/rule-life.ts';
import { setCurrentVersion } from '../../../engine/store/rule-versions.ts';
import { loadStoredRules } from '../../../engine/triage/store-rules.ts';
import { ANY_OPEN } from '../../../shared/model/queue.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { ANA, BEN, CYD, itemsOf, LEA, listOpen, openSetting, type Setting, statementOf } from '../engine-setting.ts';
import { eve } from '../ingest/pipeline-setting.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const RULE_ID = '7d8f4a1e-0c3b-4d8a-9a55-0e8f0a4f7c11';

const document = (owner = 'detection-lead', more = '') => `title: Scanner noise
id: ${RULE_ID}
rationale: The scanner runs nightly and its probes trip this signature.
owner: ${owner}
status: draft
expires: 2026-06-30
detection:
  scan:
    rule.name|startswith: ET SCAN
  condition: scan
actions:
  - close: benign_true_positive
${more}`;

/** What the backtest of a harmless rule comes to, for a life that does not need the real one. */
async function finishBacktest({ store }: Setting, version: number, blocks: string[] = []): Promise<number> {
  return store.write(async (tx) => {
    const backtest = await newestBacktestOf(tx, RULE_ID, version);
    if (backtest === null) throw new Error('No backtest was asked for');
    await changeBacktest(tx, backtest.id, { state: 'done', report_json: JSON.stringify({ blocks }) });
    return backtest.id;
  });
}

async function write(setting: Setting, text = document(), basedOn: number | null = null) {
  const { rules } = setting.engine.handlers;
  const statement = statementOf('rule.save');
  const id = basedOn === null ? null : RULE_ID;
  return rules.save(setting.as(ANA), { statement, id, basedOn, document: text });
}

async function proposed(setting: Setting, version = 1): Promise<number> {
  const { rules } = setting.engine.handlers;
  await rules.backtest(setting.as(ANA), { statement: statementOf('rule.backtest'), id: RULE_ID, version });
  await finishBacktest(setting, version);
  const text = 'It closes 40 a night and nobody ever found anything.';
  const input = { statement: statementOf('rule.propose'), id: RULE_ID, version, text };
  return (await rules.propose(setting.as(ANA), input)).proposalId;
}

const approval = (proposalId: number) => ({
  statement: statementOf('rule.decide'),
  proposalId,
  verdict: 'approve' as const,
  reason: 'Read its backtest.',
});

describeOnBothStores('the life of a rule', (open) => {
  it('goes from draft over backtest and proposal to provisional by a second person, and then closes', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    const { rules } = setting.engine.handlers;
    await write(setting);
    expect((await setting.ingestEve([eve({ flow: 1, signature: 'ET SCAN Nmap' })])).autoClosed).toBe(0);

    const version = { id: RULE_ID, version: 1 };
    const early = { statement: statementOf('rule.propose'), ...version, text: 'It is safe.' };
    await expect(rules.propose(setting.as(ANA), early)).rejects.toThrow('not tried on history');
    const proposalId = await proposed(setting);

    await expect(rules.decide(setting.as(ANA), approval(proposalId))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(rules.decide(setting.as(BEN), approval(proposalId))).rejects.toMatchObject({ code: 'forbidden' });
    const [seen] = await rules.proposals(setting.as(CYD), { isOpen: true });
    expect(seen).toMatchObject({ id: proposalId, author: 'Ana Example', blocks: [] });
    const comment = { statement: statementOf('rule.comment'), proposalId, text: 'Which scanner is it?' };
    await rules.comment(setting.as(BEN), comment);
    await rules.decide(setting.as(CYD), approval(proposalId));

    const { rules: lines } = await rules.list(setting.as(ANA), {});
    expect(lines).toMatchObject([{ id: RULE_ID, status: 'provisional', isInForce: true, openProposalId: null }]);
    expect(
      (await setting.ingestEve([eve({ flow: 2, signature: 'ET SCAN Nmap', source: '10.9.9.9' })])).autoClosed,
    ).toBe(1);
    const whole = await rules.proposal(setting.as(ANA), { id: proposalId });
    expect(whole.proposal).toMatchObject({ state: 'approved', decidedBy: 'Cyd Example' });
    expect(whole.comments).toMatchObject([{ author: 'Ben Example', text: 'Which scanner is it?' }]);
    await setting.close();
  });

  it('needs an approval anew after an edit, while the approved version goes on', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    const { rules } = setting.engine.handlers;
    await write(setting);
    await rules.decide(setting.as(CYD), approval(await proposed(setting)));
    await expect(write(setting, document(), null)).rejects.toMatchObject({ code: 'conflict' });
    await write(setting, document('detection-lead', 'falsepositives: none\n'), 1);
    const { rules: lines } = await rules.list(setting.as(ANA), {});
    expect(lines).toMatchObject([{ version: 1, status: 'provisional', newer: { version: 2, status: 'draft' } }]);
    const proposalId = await proposed(setting, 2);
    await write(setting, document('detection-lead', 'falsepositives: few\n'), 2);
    await expect(rules.decide(setting.as(CYD), approval(proposalId))).rejects.toThrow('outdated');
    await setting.close();
  });

  it('has the same line on its own page as in the list of all rules', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    const { rules } = setting.engine.handlers;
    await write(setting);
    await rules.decide(setting.as(CYD), approval(await proposed(setting)));
    await write(setting, document('detection-lead', 'falsepositives: few\n'), 1);
    await proposed(setting, 2);
    const other = document().replace(RULE_ID, '22222222-2222-4222-8222-222222222222').replace('Scanner', 'Other');
    await rules.save(setting.as(ANA), {
      statement: statementOf('rule.save'),
      id: null,
      basedOn: null,
      document: other,
    });
    await setting.ingestEve([eve({ flow: 2, signature: 'ET SCAN Nmap', source: '10.9.9.9' })]);
    const { rules: lines } = await rules.list(setting.as(ANA), {});
    expect(lines).toMatchObject([{ openProposalId: null }, { closedThisWeek: 1, newer: { version: 2 } }]);
    expect(lines[1]?.minutesThisWeek).toBeGreaterThan(0);
    expect(lines[1]?.openProposalId).not.toBeNull();
    for (const line of lines) {
      expect((await rules.get(setting.as(ANA), { id: line.id, version: null })).line).toEqual(line);
    }
    await setting.close();
  });

  it('is not approved while its backtest blocks it, or a true positive is not answered', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    const { rules } = setting.engine.handlers;
    await write(setting);
    const version = { id: RULE_ID, version: 1 };
    const { backtestId } = await rules.backtest(setting.as(ANA), {
      statement: statementOf('rule.backtest'),
      ...version,
    });
    await setting.ingestEve([eve({ flow: 3 })]);
    await finishBacktest(setting, 1, ['It would have closed 61 % of 2,000 alerts.']);
    const ask = () =>
      rules.propose(setting.as(ANA), { statement: statementOf('rule.propose'), ...version, text: 'Safe.' });
    await expect(ask()).rejects.toThrow('61 %');
    await finishBacktest(setting, 1);
    const hit = { backtest_id: backtestId, group_id: 1, matched_json: '[]' };
    const unanswered = { answer: null, reason: null, answered_by: null, answered_at_ms: null };
    await setting.store.write((tx) => insertBacktestHits(tx, [{ ...hit, ...unanswered }]));
    await expect(ask()).rejects.toThrow('One true positive');
    const answer = { statement: statementOf('rule.answer'), backtestId, groupId: 1, reason: 'It was a drill.' };
    await rules.answerHit(setting.as(ANA), { ...answer, answer: 'label_wrong' });
    await expect(ask()).resolves.toMatchObject({ changed: 1 });
    expect(await rules.newestBacktest(setting.as(BEN), version)).toMatchObject({
      unanswered: 0,
      hits: [{ groupId: 1, answer: 'label_wrong', answeredBy: 'Ana Example' }],
    });
    await setting.close();
  });

  it('ends with its last day and with its time to prove itself, and no clock that goes back revives it', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    const { rules } = setting.engine.handlers;
    await write(setting);
    await rules.decide(setting.as(CYD), approval(await proposed(setting)));
    const status = async () => (await rules.list(setting.as(ANA), {})).rules[0]?.status;
    const startMs = setting.clock.atMs;
    setting.clock.atMs = startMs + 31 * DAY_MS;
    await setting.engine.tick();
    expect(await status()).toBe('shadow');
    setting.clock.atMs = Date.UTC(2026, 6, 1, 1);
    await setting.engine.tick();
    expect(await status()).toBe('expired');
    setting.clock.atMs = startMs;
    await setting.engine.tick();
    expect(await status()).toBe('expired');
    expect((await setting.ingestEve([eve({ flow: 9, signature: 'ET SCAN Nmap' })])).autoClosed).toBe(0);
    await setting.close();
  });

  it('says where a text is wrong, and refuses to keep it', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    const { rules } = setting.engine.handlers;
    const broken = document().replace('condition: scan', 'condition: scann');
    const { problems } = await rules.check(setting.as(ANA), { document: broken });
    expect(problems).toEqual(expect.arrayContaining([expect.objectContaining({ level: 'error', line: 10 })]));
    await expect(write(setting, broken)).rejects.toThrow('Line 10');
    const untested = await rules.check(setting.as(ANA), { document: document() });
    expect(untested).toMatchObject({ closes: true, tests: 0, problems: [{ level: 'warning' }] });
    await setting.close();
  });
});

describeOnBothStores('a version beside the one that acts', (open) => {
  const wider = document('detection-lead', 'falsepositives: none\n').replace('ET SCAN', 'ET ');
  const versionsOf = async (setting: Setting) =>
    (await setting.engine.handlers.rules.get(setting.as(BEN), { id: RULE_ID, version: null })).versions.map(
      ({ version, status, isInForce, isBeside }) => [version, status, isInForce, isBeside],
    );
  const arrive = (setting: Setting, flow: number, signature: string) =>
    setting.ingestEve([eve({ flow, sid: 5000 + flow, signature, at: setting.clock.atMs, source: `10.7.0.${flow}` })]);

  async function openBeside(target: Parameters<typeof openSetting>[0]) {
    const setting = await openSetting(target);
    await write(setting);
    await setting.engine.handlers.rules.decide(setting.as(CYD), approval(await proposed(setting)));
    await arrive(setting, 1, 'ET SCAN before');
    await write(setting, wider, 1);
    return { setting, proposalId: await proposed(setting, 2) };
  }

  it('speaks from its proposal on, closes nothing, and the proposal says in numbers how it differs', async () => {
    const { setting, proposalId } = await openBeside((await open()).target);
    const { rules, queue } = setting.engine.handlers;
    expect(await versionsOf(setting)).toEqual([
      [2, 'shadow', false, true],
      [1, 'provisional', true, false],
    ]);
    expect((await arrive(setting, 2, 'ET SCAN both')).autoClosed).toBe(1);
    expect((await arrive(setting, 3, 'ET POLICY only the new one')).autoClosed).toBe(0);
    expect((await arrive(setting, 4, 'ET POLICY truly bad')).autoClosed).toBe(0);
    expect((await arrive(setting, 5, 'GPL none')).autoClosed).toBe(0);
    // What acts counts once, and who decides does not see what the other version says.
    const { line, versions } = await rules.get(setting.as(BEN), { id: RULE_ID, version: null });
    expect(line).toMatchObject({ version: 1, closed: 2 });
    expect(versions.map(({ closed, hits }) => [closed, hits])).toEqual([
      [0, 3],
      [2, 2],
    ]);
    expect((await queue.get(setting.as(BEN), { id: 4 })).rules).toEqual([]);
    const { items } = await listOpen(setting, CYD);
    for (const [id, disposition] of [
      [3, 'false_positive'],
      [4, 'true_positive'],
    ] as const) {
      await setting.engine.handlers.decisions.dispose(setting.as(CYD), {
        statement: statementOf('group.dispose'),
        selection: itemsOf(...items.filter((item) => item.id === id)),
        disposition,
        reason: 'looked at it',
      });
    }
    expect((await queue.get(setting.as(BEN), { id: 4 })).rules).toMatchObject([{ ruleVersion: 2, mode: 'shadow' }]);
    const { beside } = await rules.proposal(setting.as(CYD), { id: proposalId });
    expect(beside).toMatchObject({
      version: 2,
      inForceVersion: 1,
      both: 1,
      onlyInForce: 0,
      onlyBeside: 2,
      decided: 2,
      truePositives: 1,
    });
    await rules.decide(setting.as(CYD), approval(proposalId));
    expect(await versionsOf(setting)).toEqual([
      [2, 'provisional', true, false],
      [1, 'provisional', false, false],
    ]);
    expect((await arrive(setting, 6, 'ET POLICY now closed')).autoClosed).toBe(1);
    await setting.close();
  });

  it('falls silent when it is sent back, or another text is written, and may speak before it is proposed', async () => {
    const { setting, proposalId } = await openBeside((await open()).target);
    const { rules } = setting.engine.handlers;
    const reject = { ...approval(proposalId), verdict: 'reject' as const, reason: 'Too wide' };
    await rules.decide(setting.as(CYD), reject);
    expect(await versionsOf(setting)).toContainEqual([2, 'draft', false, false]);
    await arrive(setting, 2, 'ET SCAN again');
    expect((await rules.get(setting.as(BEN), { id: RULE_ID, version: 2 })).versions[0]).toMatchObject({ hits: 0 });
    const shadow = { statement: statementOf('rule.status'), id: RULE_ID, version: 2, to: 'shadow' as const };
    await rules.setStatus(setting.as(ANA), { ...shadow, reason: 'See it first' });
    expect(await versionsOf(setting)).toEqual([
      [2, 'shadow', false, true],
      [1, 'provisional', true, false],
    ]);
    await arrive(setting, 3, 'ET SCAN once more');
    expect((await rules.get(setting.as(BEN), { id: RULE_ID, version: 2 })).beside).toMatchObject({ both: 1 });
    await write(setting, wider.replace('none', 'few'), 2);
    expect(await versionsOf(setting)).toContainEqual([2, 'draft', false, false]);
    expect((await rules.get(setting.as(BEN), { id: RULE_ID, version: null })).beside).toBeNull();
    await setting.close();
  });
});

describeOnBothStores('the second approval, for high severity', (open) => {
  const narrow = document().replace('rule.name|startswith: ET SCAN', 'rule.id: "1:2000001"\n    source.ip: 10.9.9.9');
  const input = { id: RULE_ID, version: 1, reason: 'Read its audits too.' };
  const approve = (setting: Setting, who: typeof ANA) =>
    setting.engine.handlers.rules.approveForHigh(setting.as(who), {
      statement: statementOf('rule.approve_high'),
      ...input,
    });
  const highOf = async (setting: Setting, who: typeof ANA) =>
    (await setting.engine.handlers.rules.get(setting.as(who), { id: RULE_ID, version: null })).highSeverity;

  it('is given by a third person, is named, and a new version needs its own', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    const { rules } = setting.engine.handlers;
    await write(setting, narrow);
    await expect(approve(setting, LEA)).rejects.toThrow('that acts');
    await rules.decide(setting.as(CYD), approval(await proposed(setting)));
    for (const [who, why] of [
      [ANA, 'You wrote'],
      [CYD, 'first approval'],
      [BEN, 'approved by tier2'],
    ] as const) {
      expect((await highOf(setting, who))?.blocks.join(' ')).toContain(why);
      await expect(approve(setting, who)).rejects.toMatchObject({ code: 'forbidden' });
    }
    expect(await highOf(setting, LEA)).toMatchObject({ secondApprovedBy: null, blocks: [] });
    expect((await highOf(setting, LEA))?.gaps.join(' ')).toContain('the second approval is missing');
    await approve(setting, LEA);
    await expect(approve(setting, LEA)).rejects.toThrow('already');
    const after = await highOf(setting, ANA);
    expect(after).toMatchObject({ secondApprovedBy: 'Lea Example' });
    expect(after?.gaps.join(' ')).not.toContain('approval');
    expect(after?.gaps.join(' ')).toContain('certified');
    await write(setting, `${narrow}falsepositives: none\n`, 1);
    await rules.decide(setting.as(CYD), approval(await proposed(setting, 2)));
    expect(await highOf(setting, LEA)).toMatchObject({ secondApprovedBy: null });
    await setting.close();
  });

  it('is not given by a name that its author writes into the text', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    const { rules } = setting.engine.handlers;
    await write(setting, `${narrow}approvedBy: Lea Example\nsecondApprovedBy: Dana Example\n`);
    const inForce = async () => {
      await setting.store.write((tx) => setCurrentVersion(tx, RULE_ID, 1));
      const { documents } = await setting.store.read((db) => loadStoredRules(db));
      return documents.find(({ id }) => id === RULE_ID);
    };
    expect(await inForce()).toMatchObject({ approvedBy: null, secondApprovedBy: null });
    await rules.decide(setting.as(CYD), approval(await proposed(setting)));
    expect(await inForce()).toMatchObject({ approvedBy: 'Cyd Example', secondApprovedBy: null });
    const high = await highOf(setting, LEA);
    expect(high).toMatchObject({ secondApprovedBy: null, blocks: [] });
    expect(high?.gaps.join(' ')).toContain('the second approval is missing');
    await setting.close();
  });

  it('is refused where it would change nothing', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    await write(setting);
    await setting.engine.handlers.rules.decide(setting.as(CYD), approval(await proposed(setting)));
    await expect(approve(setting, LEA)).rejects.toThrow('would change nothing');
    expect((await highOf(setting, LEA))?.gaps.join(' ')).toContain('rule.id');
    await setting.close();
  });
});

describeOnBothStores('a quick mute', (open) => {
  it('closes what is like one alert for some hours, by one person, and another looks at it afterwards', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    const { rules } = setting.engine.handlers;
    await setting.ingestEve([eve({ flow: 1, signature: 'ET POLICY Loud', priority: 2, source: '10.0.0.7' })]);
    const mute = { statement: statementOf('rule.mute'), groupId: 1, hours: 8, reason: 'Loud all night' };
    const { ruleId } = await rules.mute(setting.as(ANA), mute);
    const again = (flow: number, source = '10.0.0.7') =>
      setting.ingestEve([eve({ flow, signature: 'ET POLICY Loud', priority: 2, source })]);
    expect((await again(2)).autoClosed).toBe(1);
    expect((await again(3, '10.0.0.8')).autoClosed).toBe(0);
    expect(await rules.mutes(setting.as(BEN), {})).toMatchObject([{ ruleId, isRunning: true, by: 'Ana Example' }]);
    setting.clock.atMs += 9 * HOUR_MS;
    await setting.engine.tick();
    expect((await again(4)).autoClosed).toBe(0);
    expect(await rules.mutes(setting.as(BEN), {})).toMatchObject([{ isRunning: false, reviewedBy: null }]);
    const review = { ruleId, verdict: 'right' as const, reason: 'It was noise indeed' };
    await expect(
      rules.reviewMute(setting.as(ANA), { statement: statementOf('rule.review'), ...review }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    await rules.reviewMute(setting.as(BEN), { statement: statementOf('rule.review'), ...review });
    expect(await rules.mutes(setting.as(LEA), {})).toEqual([]);
    await setting.close();
  });
});

describeOnBothStores('a mute that was wrong', (open) => {
  it('gives back to people what it closed, once somebody else says so', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    const { rules, queue } = setting.engine.handlers;
    const loud = (flow: number, at: number) =>
      eve({ flow, at, signature: 'ET POLICY Loud', priority: 2, source: '10.0.0.7' });
    await setting.ingestEve([loud(1, setting.clock.atMs)]);
    const mute = { statement: statementOf('rule.mute'), groupId: 1, hours: 8, reason: 'Loud all night' };
    const { ruleId } = await rules.mute(setting.as(ANA), mute);
    expect((await setting.ingestEve([loud(2, setting.clock.atMs)])).autoClosed).toBe(1);
    const review = { ruleId, verdict: 'reopen' as const, reason: 'It was an intruder' };
    const done = await rules.reviewMute(setting.as(BEN), { statement: statementOf('rule.review'), ...review });
    expect(done).toMatchObject({ changed: 1 });
    const filter = { ...ANY_OPEN, state: 'closed' as const };
    const closed = await queue.list(setting.as(ANA), { filter, sort: 'closedAt', cursor: null, limit: 10 });
    expect(closed.total).toBe(0);
    expect(await rules.mutes(setting.as(LEA), {})).toEqual([]);
    expect((await setting.ingestEve([loud(3, setting.clock.atMs)])).autoClosed).toBe(0);
    await setting.close();
  });
});

describeOnBothStores('a rule made from an item', (open) => {
  it('names everything that tells the alert apart, and can be kept as it is', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    const { rules } = setting.engine.handlers;
    await setting.ingestEve([eve({ flow: 1, signature: 'ET SCAN with * and \\ inside', source: '10.0.0.7' })]);
    const { document: text } = await rules.draftFrom(setting.as(ANA), { groupId: 1 });
    expect(text).toContain('source.ip: 10.0.0.7');
    const checked = await rules.check(setting.as(ANA), { document: text });
    // Only what its author has to say is missing.
    expect(checked.problems).toMatchObject([{ level: 'warning', line: 3 }]);
    expect(checked).toMatchObject({ closes: true, tests: 2, passed: 2 });
    const saved = await rules.save(setting.as(ANA), {
      statement: statementOf('rule.save'),
      id: null,
      basedOn: null,
      document: text,
    });
    await setting.store.write((tx) => setCurrentVersion(tx, saved.id, 1));
    await expect(rules.get(setting.as(BEN), { id: saved.id, version: null })).resolves.toMatchObject({
      line: { status: 'draft', origin: 'app' },
      versions: [{ author: 'Ana Example' }],
    });
    await setting.close();
  });
});
