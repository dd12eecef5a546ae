import { z } from 'zod';

export const DECISION_KINDS = [
  'group.acknowledge',
  'group.take',
  'group.release',
  'group.dispose',
  'group.escalate',
  'group.hold',
  'group.not_now',
  'group.tag',
  'group.reopen',
  'group.resume',
  'group.raise',
  'group.join',
  'group.split',
  'note.add',
  'escalation.accept',
  'escalation.answer',
  'escalation.return',
  'alert.create',
  'decision.undo',
  'decision.redo',
  'automation.pause',
  'automation.resume',
  'automation.close',
  'lists.import',
  'roster.import',
  'view.save',
  'view.delete',
  'gate.record',
  'remark.add',
  'remark.withdraw',
  'rota.request',
  'rota.answer',
  'indicators.pause',
  'indicators.resume',
  'workspace.start_own',
  'rule.load',
  'mapping.load',
  'audit.take',
  'audit.answer',
  'assurance.certify',
  'assurance.suspend',
  'assurance.reopen',
  'assurance.rearm',
  'assurance.plant',
  'source.save',
  'source.remove',
  'source.token',
  'letters.read_again',
  'letters.discard',
  'storage.drop',
  'rule.save',
  'rule.status',
  'rule.backtest',
  'rule.answer',
  'rule.propose',
  'rule.comment',
  'rule.decide',
  'rule.withdraw',
  'rule.approve_high',
  'severity.propose',
  'severity.decide',
  'severity.end',
  'rule.mute',
  'rule.unmute',
  'rule.review',
] as const;
export const decisionKindSchema = z.enum(DECISION_KINDS);
export type DecisionKind = z.infer<typeof decisionKindSchema>;

/**
 * What a person says they decide, made by their client and later signed by it over canonical JSON (RFC 8785).
 * `subjects` names groups one by one; for a decision over everything that matches, it is null and
 * `subjectsDigest` stands for the prepared set.
 */
export const statementSchema = z.strictObject({
  commandId: z.uuid(),
  kind: decisionKindSchema,
  subjects: z.array(z.number().int()).max(1000).nullable(),
  subjectsDigest: z.string().max(128).nullable(),
  /** Versions of the subjects that the person saw, in the order of `subjects`. */
  basedOn: z.array(z.number().int()).max(1000),
  /** How many alerts of each subject the person saw, in the same order, where a closing is to cover just these. */
  basedOnCounts: z.array(z.number().int()).max(1000).optional(),
  reason: z.string().max(4000).nullable(),
  claimedAtMs: z.number().int(),
});
export type Statement = z.infer<typeof statementSchema>;

/** What a decision answers. `decisionId` is what undo takes; null when nothing changed. */
export const decisionResultSchema = z.object({
  decisionId: z.number().int().nullable(),
  changed: z.number().int(),
  /** Items that the decision left alone, and why ("was closed by Ana Ruiz meanwhile"). */
  skipped: z.array(z.object({ id: z.number().int(), reason: z.string() })),
  /** "Closed 14 alerts as false positive": for the toast. */
  summary: z.string(),
  seq: z.number().int(),
});
export type DecisionResult = z.infer<typeof decisionResultSchema>;
