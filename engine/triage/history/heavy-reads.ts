import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseRule } from '../../../shared/domain/rules/parse-rule.ts';
import { makeSeverityOf } from '../../../shared/domain/triage/severity-correction.ts';
import { EngineError } from '../../../shared/model/errors.ts';
import type { RulePreview } from '../../../shared/model/rule-life.ts';
import type { FormatCatalogue } from '../../ingest/formats/index.ts';
import { loadPolicies } from '../../policies.ts';
import type { Clock, Log } from '../../ports.ts';
import { listLookups } from '../../store/entity-lists.ts';
import { changesSince } from '../../store/feed.ts';
import { approvedCorrections } from '../../store/severity-corrections.ts';
import type { Store } from '../../store/store.ts';
import { loadTriagePolicies } from '../policies.ts';
import { loadPriors } from '../priors.ts';
import { correctionOf } from '../severity-correction-views.ts';
import { loadTriageState } from '../triage-state.ts';
import { type BacktestOutcome, runBacktest, unusable } from './backtest.ts';
import { Candidate } from './candidate.ts';
import { previewRule, RecentAlerts } from './preview.ts';

export interface HeavyReads {
  /** What a text would do on the newest alerts; null while it cannot be read. */
  preview(text: string): Promise<RulePreview | null>;
  /** Throws EngineError `unsupported` when the text cannot be tried, and whatever reading throws. */
  backtest(text: string, onProgress: (share: number) => void, signal: AbortSignal): Promise<BacktestOutcome>;
  close(): Promise<void>;
}

export interface HeavyReadsParts {
  store: Pick<Store, 'read'>;
  clock: Clock;
  log: Log;
  resourcesDir: string;
  formats: FormatCatalogue;
  /** Policies of the workspace in place of the default ones; the folder need not exist. */
  ownPoliciesDir?: string;
}

/** Reads over much of what is stored, on the caller's thread. Hosts with a screen give it one of its own. */
export function makeHeavyReads(parts: HeavyReadsParts): HeavyReads {
  const { store, clock, resourcesDir } = parts;
  const policies = loadPolicies(join(resourcesDir, 'policies'), parts.ownPoliciesDir);
  const triagePolicies = loadTriagePolicies(join(resourcesDir, 'policies'), parts.ownPoliciesDir);
  const priors = loadPriors(resourcesDir);
  let recent: RecentAlerts | null = null;
  let recentBy: FormatCatalogue | null = null;
  let seenSeq = -1;
  const loadState = () =>
    store.read(async (db) => {
      const context = { policies: triagePolicies, sla: policies.sla, priors, nowMs: clock.nowMs() };
      return (await loadTriageState(db, context)).state;
    });
  return {
    preview: async (text) => {
      // What the lists know of things was read with the alerts: with other lists they are read again.
      const changes = await store.read((db) => changesSince(db, seenSeq, 1_000));
      if (changes.kind === 'resync' || changes.rows.some(({ kinds }) => kinds.includes('lists'))) recent = null;
      seenSeq = changes.seq;
      // And so were they themselves by the mappings of then.
      const formats = parts.formats.now;
      if (recentBy !== formats) recent = null;
      recentBy = formats;
      if (recent === null) recent = new RecentAlerts(formats, (await loadState()).enrich);
      const alerts = recent;
      const nowMs = clock.nowMs();
      return store.read(async (db) => {
        const severityOf = makeSeverityOf((await approvedCorrections(db)).map((row) => correctionOf(row)));
        return previewRule(db, alerts, text, (alert) => severityOf(alert, nowMs));
      });
    },
    backtest: async (text, onProgress, signal) => {
      const { rule } = parseRule(text);
      const lists = await store.read(listLookups);
      const state = await loadState();
      const nowMs = clock.nowMs();
      const candidate = rule === null ? null : new Candidate(rule, lists, (alert) => state.severityOf(alert, nowMs));
      const problem = unusable(rule, candidate);
      if (problem !== null || candidate === null)
        throw new EngineError('unsupported', problem ?? 'It cannot be tried.');
      const backtest = {
        store,
        formats: parts.formats.now,
        lists,
        state,
        triagePolicy: triagePolicies.triage,
        strainPolicy: policies.strain,
        nowMs: () => clock.nowMs(),
      };
      return runBacktest(backtest, candidate, { progress: onProgress, signal, yieldToOthers: () => nextTurn() });
    },
    close: async () => {
      recent = null;
    },
  };
}
