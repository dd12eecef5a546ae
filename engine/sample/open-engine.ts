import { join } from 'node:path';
import { createIngest } from '../ingest/pipeline.ts';
import { appendMachineDecision } from '../ledger/machine-decision.ts';
import { loadPolicies } from '../policies.ts';
import type { Ports } from '../ports.ts';
import { CurrentTriage } from '../triage/current-triage.ts';
import { loadTriagePolicies } from '../triage/policies.ts';
import { loadPriors } from '../triage/priors.ts';
import { openWriter } from '../writer-host.ts';
import { type SampleEngine, SettableClock } from './sample-engine.ts';

/**
 * The writer of every workspace under a clock that starts at `startsAtMs`, with an ingest that takes records from
 * memory: the fortnight's files never exist as files.
 */
export async function openSampleEngine(
  options: { path: string; rulesDir: string; resourcesDir: string; startsAtMs: number },
  ports: Pick<Ports, 'log' | 'random' | 'secrets'>,
): Promise<SampleEngine & { close(): Promise<void> }> {
  const { path, rulesDir, resourcesDir, startsAtMs } = options;
  const clock = new SettableClock(startsAtMs);
  const all: Ports = { ...ports, clock };
  const target = { kind: 'sqlite', path, isRemade: true } as const;
  const { writer, store } = await openWriter({ target, resourcesDir, rulesDirs: [rulesDir] }, all);
  const triage = new CurrentTriage(store, all, {
    policies: loadTriagePolicies(join(resourcesDir, 'policies')),
    sla: loadPolicies(join(resourcesDir, 'policies')).sla,
    priors: loadPriors(resourcesDir),
  });
  await triage.reload();
  const pipeline = createIngest({ store, ports: all, triage: () => triage.get(), append: appendMachineDecision });
  return {
    clock,
    store,
    writer: {
      run: (name, input, actor) => writer.run(name, input, actor),
      tick: (nowMs) => writer.tick(nowMs),
      reloadTriage: () => triage.reload(),
    },
    ingest: (records, origin) => pipeline.ingest(once(records), { origin, format: 'auto', isHistory: false }),
    close: () => writer.close(),
  };
}

async function* once<T>(batch: T): AsyncGenerator<T> {
  yield batch;
}
