import type { InferContractRouterOutputs } from '@orpc/contract';
import type { Contract } from '../../../shared/contract/index.ts';
import type { RuleStatus } from '../../../shared/model/rule.ts';
import { hashOf } from '../../frame/route.ts';

type RulesOut = InferContractRouterOutputs<Contract>['rules'];
export type RuleLine = RulesOut['list']['rules'][number];
export type RuleDetail = RulesOut['get'];
export type RuleCheck = RulesOut['check'];
export type RulePreview = NonNullable<RulesOut['preview']>;
export type Backtest = RulesOut['backtestOf'];
export type Proposal = RulesOut['proposals'][number];
export type ProposalDetail = RulesOut['proposal'];
export type Mute = RulesOut['mutes'][number];
export type Correction = RulesOut['corrections'][number];
export type NoisyRule = RulesOut['noise'][number];

export const RULE_STATUS_WORDS: Readonly<Record<RuleStatus, string>> = {
  draft: 'Draft',
  shadow: 'Shadow',
  provisional: 'Provisional',
  certified: 'Certified',
  suspended: 'Suspended',
  expired: 'Expired',
};

export const RULE_STATUS_MEANS: Readonly<Record<RuleStatus, string>> = {
  draft: 'It does not run.',
  shadow: 'It says what it would do and does nothing.',
  provisional: 'It acts, approved by a second person, within a daily limit; it is not proven yet.',
  certified: 'It acts, and its bound on false closes holds.',
  suspended: 'It stopped acting.',
  expired: 'Its date has passed: it does nothing until somebody renews it.',
};

export const ruleHash = (id: string) => hashOf('automation', ['rule', id]);
export const proposalHash = (id: number) => hashOf('automation', ['proposal', String(id)]);
export const newRuleHash = (fromGroupId: number | null = null) =>
  hashOf('automation', ['new'], fromGroupId === null ? null : new URLSearchParams({ from: String(fromGroupId) }));

/** A text to begin with when there is no alert to begin from. `id` is a new UUID. */
export function blankRule(id: string, owner: string, expires: string): string {
  return `title: What it is about
id: ${id}
rationale: >
  Say why what this closes is safe to close, and what it would not match.
owner: ${JSON.stringify(owner)}
status: draft
expires: ${expires}
detection:
  selection:
    rule.name|contains: the words of the source rule
  condition: selection
actions:
  - close: benign_true_positive
tests:
  match: []
  noMatch: []
`;
}

/** "ends 2027-02-19, in 90 days", "ended 2026-11-01, 20 days ago", "does not end". */
export function endWords(expires: string | null, nowMs: number): string {
  if (expires === null) return 'does not end';
  const when = expiresWords(expires, nowMs);
  return `${when.endsWith('ago') ? 'ended' : 'ends'} ${expires}, ${when}`;
}

/** "in 3 days", "today", "4 days ago" for the last day of a rule. */
export function expiresWords(expires: string | null, nowMs: number): string {
  if (expires === null) return 'no end';
  const days = Math.floor((Date.parse(`${expires}T00:00:00Z`) - nowMs) / 86_400_000) + 1;
  if (days === 0) return 'today';
  return days > 0 ? `in ${days} ${days === 1 ? 'day' : 'days'}` : `${-days} ${days === -1 ? 'day' : 'days'} ago`;
}
