import { DRAFT_RATIONALE, draftRule } from '../../shared/domain/triage/draft-rule.ts';
import type { TriagePolicy } from '../../shared/domain/triage/triage-policy.ts';
import { EngineError } from '../../shared/model/errors.ts';
import { callerOf, type HandlerDeps, runAsCaller } from '../handler-deps.ts';
import type { CallContext, Handlers, OutputOf } from '../handlers.ts';
import type { FormatCatalogue } from '../ingest/formats/index.ts';
import { personNames } from '../store/people.ts';
import { backtestById, mutesToShow, newestBacktestOf, ruleVersion } from '../store/rule-life.ts';
import { currentRuleVersions } from '../store/rule-versions.ts';
import { besideOf } from './beside.ts';
import { newestAlertOf } from './draft-from.ts';
import { highSeverityOf } from './high-severity.ts';
import type { BacktestRunner } from './history/backtest-runner.ts';
import type { HeavyReads } from './history/heavy-reads.ts';
import { noisyRules } from './noise.ts';
import { backtestView, listProposalViews, proposalView } from './proposal-views.ts';
import { ruleDetail, ruleLines } from './rule-lines.ts';
import { checkText } from './rule-texts.ts';
import { listCorrections } from './severity-correction-views.ts';

const DAY_MS = 86_400_000;
/** A rule made from an item runs for so long unless its author says otherwise. */
const DRAFT_DAYS = 90;

export interface RuleLifeDeps extends HandlerDeps {
  reads: Pick<HeavyReads, 'preview'>;
  backtests: Pick<BacktestRunner, 'look'>;
  triagePolicy: TriagePolicy;
  formats: FormatCatalogue;
  newRuleId(): string;
}

/** Rules as people read, write and approve them. What changes what is in force has triage read its rules again. */
export function ruleLifeHandlers(deps: RuleLifeDeps): Pick<Handlers, 'rules'> {
  const { store, ports, writer, triagePolicy, formats, policies } = deps;
  const nowMs = () => ports.clock.nowMs();
  const run = <O>(name: string) => {
    return (context: CallContext, input: unknown): Promise<O> => runAsCaller<O>(deps, context, name, input);
  };
  const runAndReload = <O>(name: string) => {
    return async (context: CallContext, input: unknown): Promise<O> => {
      const answer = await runAsCaller<O>(deps, context, name, input);
      await writer.reloadTriage();
      return answer;
    };
  };
  return {
    rules: {
      list: () => store.read(async (db) => ({ asOfMs: nowMs(), rules: await ruleLines(db, policies.strain, nowMs()) })),
      get: (context, { id, version }) =>
        store.read(async (db) => {
          const detail = await ruleDetail(db, id, version, policies.strain, nowMs());
          const row = await ruleVersion(db, id, detail.version);
          const callerId = context.session.personId ?? '';
          const highSeverity = row === null ? null : await highSeverityOf(db, callerId, row, triagePolicy);
          return { ...detail, highSeverity, beside: await besideOf(db, id) };
        }),
      check: (_context, { document }) =>
        store.read(async (db) => {
          const { problems, closes, tests, passed } = await checkText(db, document, triagePolicy, nowMs());
          return {
            problems: problems.map(({ level, line, column, message }) => ({ level, line, column, message })),
            closes,
            tests,
            passed,
          };
        }),
      preview: (_context, { document }) => deps.reads.preview(document),
      draftFrom: async (context, { groupId }) => {
        const { name } = await callerOf(context, store);
        const { alert, group } = await store.read((db) => newestAlertOf(db, formats, groupId));
        const document = draftRule({
          alert,
          id: deps.newRuleId(),
          title: group.title,
          rationale: DRAFT_RATIONALE,
          owner: name,
          status: 'draft',
          expires: new Date(nowMs() + DRAFT_DAYS * DAY_MS).toISOString().slice(0, 10),
          disposition: group.disposition === 'false_positive' ? 'false_positive' : 'benign_true_positive',
        });
        return { document };
      },
      save: runAndReload('rules.save'),
      setStatus: runAndReload('rules.setStatus'),
      backtest: async (context, input) => {
        const answer = await run<OutputOf<'rules', 'backtest'>>('rules.backtest')(context, input);
        deps.backtests.look();
        return answer;
      },
      cancelBacktest: run('rules.cancelBacktest'),
      backtestOf: (_context, { backtestId }) =>
        store.read(async (db) => {
          const row = await backtestById(db, backtestId);
          if (row === null) throw new EngineError('not_found', 'There is no such backtest.');
          return backtestView(db, row);
        }),
      newestBacktest: (_context, { id, version }) =>
        store.read(async (db) => {
          const row = await newestBacktestOf(db, id, version);
          return row === null ? null : backtestView(db, row);
        }),
      answerHit: run('rules.answerHit'),
      propose: runAndReload('rules.propose'),
      proposals: async (context, { isOpen }) => {
        const caller = await callerOf(context, store);
        return store.read((db) => listProposalViews(db, caller, isOpen, triagePolicy, nowMs()));
      },
      proposal: async (context, { id }) => {
        const caller = await callerOf(context, store);
        return store.read((db) => proposalView(db, caller, id, triagePolicy, nowMs()));
      },
      comment: run('rules.comment'),
      decide: runAndReload('rules.decide'),
      withdraw: runAndReload('rules.withdraw'),
      approveForHigh: runAndReload('rules.approveForHigh'),
      mute: runAndReload('rules.mute'),
      mutes: () =>
        store.read(async (db) => {
          const [names, inForce] = [await personNames(db), await currentRuleVersions(db)];
          return (await mutesToShow(db, nowMs())).map((mute) => {
            const rule = inForce.find((row) => row.rule_id === mute.rule_id);
            return {
              ruleId: mute.rule_id,
              title: rule?.title ?? 'A mute that is over',
              by: names.get(mute.muted_by) ?? mute.muted_by,
              reason: mute.reason,
              startedAtMs: mute.starts_at_ms,
              endsAtMs: mute.ends_at_ms,
              isRunning: mute.ends_at_ms > nowMs(),
              closed: rule?.closed ?? 0,
              reviewedBy: mute.reviewed_by === null ? null : (names.get(mute.reviewed_by) ?? mute.reviewed_by),
            };
          });
        }),
      endMute: runAndReload('rules.endMute'),
      reviewMute: run('rules.reviewMute'),
      corrections: (context) =>
        store.read((db) => listCorrections(db, context.session.personId ?? '', triagePolicy, nowMs())),
      proposeCorrection: run('rules.proposeCorrection'),
      decideCorrection: runAndReload('rules.decideCorrection'),
      endCorrection: runAndReload('rules.endCorrection'),
      noise: (_context, { sinceMs }) => store.read((db) => noisyRules(db, sinceMs, policies.strain, nowMs())),
    },
  };
}
