import type { AuditVerdict } from '../../shared/model/assurance.ts';
import { ANY_OPEN, type Escalation, type QueueItem } from '../../shared/model/queue.ts';
import type { Disposition, Role, Tier } from '../../shared/model/vocabulary.ts';
import type { Actor } from '../handlers.ts';
import { resolveFilter } from '../routing/resolve-filter.ts';
import { listEscalations } from '../store/escalations.ts';
import { loadDecidable } from '../store/group-state.ts';
import { itemsOf } from '../store/queue-items.ts';
import { readPage } from '../store/queue-page.ts';
import type { SeededRandom } from './random.ts';
import { type SampleEngine, statementOf } from './sample-engine.ts';
import { TEAM } from './team.ts';

interface Subject {
  id: number;
  version: number;
}

/** What somebody at a desk can do, through the same commands as everybody. Each answers with what was left to do it on. */
export class Desk {
  readonly #engine: SampleEngine;
  readonly #random: SeededRandom;

  constructor(engine: SampleEngine, random: SeededRandom) {
    this.#engine = engine;
    this.#random = random;
  }

  /** Items of a tier that nobody owns, in the order of work. */
  async pool(tier: Tier, limit: number): Promise<QueueItem[]> {
    return this.#engine.store.read(async (db) => {
      const wanted = { ...ANY_OPEN, tiers: [tier], assignee: 'none' };
      const filter = await resolveFilter(db, wanted, null, async () => []);
      const page = await readPage(db, filter, { sort: 'priority', cursor: null, limit });
      return itemsOf(db, page.rows);
    });
  }

  questions(tier: Tier): Promise<Escalation[]> {
    return this.#engine.store.read((db) => listEscalations(db, { state: 'open', tier }));
  }

  async take(personId: string, ids: readonly number[]): Promise<number[]> {
    const items = await this.#openOnes(ids);
    if (items.length > 0) {
      const statement = this.#statement('group.take', items);
      await this.#run('decisions.assign', { statement, selection: { kind: 'items', items }, personId }, personId);
    }
    return items.map((item) => item.id);
  }

  async acknowledge(personId: string, ids: readonly number[]): Promise<void> {
    const items = await this.#openOnes(ids);
    if (items.length === 0) return;
    const statement = this.#statement('group.acknowledge', items);
    await this.#run('decisions.acknowledge', { statement, selection: { kind: 'items', items } }, personId);
  }

  /** The number of the decision, which undo takes; null when nothing was left to close. */
  async dispose(
    personId: string,
    ids: readonly number[],
    disposition: Disposition,
    reason: string,
  ): Promise<number | null> {
    const items = await this.#openOnes(ids);
    if (items.length === 0) return null;
    const statement = this.#statement('group.dispose', items, reason);
    const input = { statement, selection: { kind: 'items', items }, disposition, reason };
    const { decisionId } = (await this.#run('decisions.dispose', input, personId)) as { decisionId: number | null };
    return decisionId;
  }

  async undo(personId: string, decisionId: number): Promise<void> {
    await this.#run('decisions.undo', { statement: this.#statement('decision.undo'), decisionId }, personId);
  }

  async hold(personId: string, id: number, untilMs: number): Promise<void> {
    const items = await this.#openOnes([id]);
    if (items.length === 0) return;
    const statement = this.#statement('group.hold', items);
    await this.#run('decisions.hold', { statement, selection: { kind: 'items', items }, untilMs }, personId);
  }

  async note(personId: string, id: number, text: string): Promise<void> {
    const items = await this.#openOnes([id]);
    if (items.length === 0) return;
    const statement = this.#statement('note.add', items);
    await this.#run('decisions.note', { statement, selection: { kind: 'items', items }, text }, personId);
  }

  async escalate(personId: string, id: number, question: string): Promise<void> {
    const [item] = await this.#openOnes([id]);
    if (item === undefined) return;
    const statement = this.#statement('group.escalate', [item], question);
    await this.#run('decisions.escalate', { statement, ...item, toTier: null, question }, personId);
  }

  async accept(personId: string, escalation: Escalation): Promise<void> {
    await this.#run(
      'escalations.accept',
      { statement: this.#statement('escalation.accept'), id: escalation.id },
      personId,
    );
  }

  async answer(personId: string, escalation: Escalation, answer: string): Promise<void> {
    const statement = this.#statement('escalation.answer', undefined, answer);
    await this.#run('escalations.answer', { statement, id: escalation.id, answer }, personId);
  }

  async returnQuestion(personId: string, escalation: Escalation, reason: string): Promise<void> {
    const statement = this.#statement('escalation.return', undefined, reason);
    await this.#run('escalations.return', { statement, id: escalation.id, reason }, personId);
  }

  /** The audit that is this person's to read now; null when none is left for them. */
  async takeAudit(personId: string): Promise<number | null> {
    const input = { statement: this.#statement('audit.take') };
    const { audit } = (await this.#run('assurance.take', input, personId)) as { audit: { id: number } | null };
    return audit?.id ?? null;
  }

  async answerAudit(personId: string, id: number, verdict: AuditVerdict, evidence: string): Promise<void> {
    const statement = this.#statement('audit.answer');
    await this.#run('assurance.answer', { statement, id, verdict, evidence }, personId);
  }

  /** Newer alerts may have moved an item's version on since somebody looked; a closed one is nobody's work any more. */
  async #openOnes(ids: readonly number[]): Promise<Subject[]> {
    const rows = await this.#engine.store.read((db) => loadDecidable(db, ids));
    return rows.filter((row) => row.is_open === 1).map((row) => ({ id: row.id, version: row.version }));
  }

  #statement(kind: Parameters<typeof statementOf>[0], items?: readonly Subject[], reason?: string) {
    return statementOf(kind, {
      commandId: this.#random.uuid(),
      claimedAtMs: this.#engine.clock.nowMs(),
      ...(items === undefined ? {} : { items }),
      ...(reason === undefined ? {} : { reason }),
    });
  }

  #run(name: string, input: unknown, personId: string): Promise<unknown> {
    return this.#engine.writer.run(name, input, actorOf(personId));
  }
}

export function actorOf(personId: string): Actor & { kind: 'person' } {
  const member = TEAM.find((each) => each.id === personId);
  if (member === undefined) throw new RangeError(`Nobody of the sample team is called ${personId}.`);
  return { kind: 'person', id: member.id, name: member.name, roles: member.roles as readonly Role[] };
}
