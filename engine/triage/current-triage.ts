import type { SlaPolicy } from '../../shared/model/policy.ts';
import type { Clock, Log } from '../ports.ts';
import type { Store } from '../store/store.ts';
import type { Transact } from '../writer.ts';
import type { TriagePolicies } from './policies.ts';
import type { Priors } from './priors.ts';
import { readRuleFiles } from './rule-files.ts';
import { storeRules } from './store-rules.ts';
import { loadTriageState } from './triage-state.ts';

type State = Awaited<ReturnType<typeof loadTriageState>>['state'];

export interface TriageContext {
  policies: TriagePolicies;
  sla: SlaPolicy;
  priors: Priors;
}

/** The triage state that the next batch takes: replaced whole when rules, lists or the pause change. */
export class CurrentTriage {
  readonly #store: Store;
  readonly #ports: { clock: Clock; log: Log };
  readonly #context: TriageContext;
  #state: State | null = null;

  constructor(store: Store, ports: { clock: Clock; log: Log }, context: TriageContext) {
    this.#store = store;
    this.#ports = ports;
    this.#context = context;
  }

  get(): State {
    if (this.#state === null) throw new Error('Triage was asked before its rules were read');
    return this.#state;
  }

  async reload(): Promise<void> {
    const nowMs = this.#ports.clock.nowMs();
    const memory = this.#state?.memory;
    const { state, problems } = await this.#store.read((db) =>
      loadTriageState(db, { ...this.#context, nowMs, ...(memory === undefined ? {} : { memory }) }),
    );
    for (const problem of problems) this.#ports.log.warn({ ...problem }, 'A rule cannot be used');
    this.#state = state;
  }

  /** Puts the rules of these folders in force, with a ledger entry when that changes anything. */
  async loadRuleFiles(transact: Transact, dirs: readonly string[]): Promise<void> {
    const files = readRuleFiles(dirs);
    for (const problem of files.problems) this.#ports.log.warn({ ...problem }, 'A rule file has a problem');
    const documents = files.rules.map(({ rule }) => rule);
    await transact({ kind: 'system', id: 'rules' }, async ({ tx, nowMs, touch, record }) => {
      const policy = this.#context.policies.triage;
      const load = await storeRules(tx, documents, { policy, nowMs, replaceAll: true });
      for (const refused of load.refused) this.#ports.log.warn({ ...refused }, 'A rule was refused');
      if (load.added.length + load.removed.length === 0) return;
      touch('rule');
      const summary = `Rules loaded: ${load.added.length} new or changed, ${load.removed.length} out of force`;
      await record({ kind: 'rule.load', statement: null, summary, subjects: [] });
    });
    await this.reload();
  }
}
