import { stringify } from 'yaml';
import type { NormalisedAlert } from '../../model/alert.ts';
import type { RuleAction } from '../../model/rule.ts';
import type { Disposition } from '../../model/vocabulary.ts';

/** Stands in a draft until its author has written a reason; a rule that still says so is not approved. */
export const DRAFT_RATIONALE = 'Say why what this closes is safe to close, and what it would not match.';

export interface DraftRequest {
  alert: NormalisedAlert;
  id: string;
  title: string;
  rationale: string;
  owner: string;
  status: 'draft' | 'provisional';
  /** Last day, `YYYY-MM-DD`. */
  expires: string;
  disposition: Disposition;
}

/** Sigma gives these characters a meaning of their own inside a value. */
function literal(value: string): string {
  return value.replaceAll(/[\\*?]/g, '\\$&');
}

/** What names one thing, in the order in which it narrows most. What an alert does not have is left out. */
function narrowest(alert: NormalisedAlert): [string, string][] {
  const { process, hashes } = alert;
  const fields: [string, string | null | undefined][] = [
    ['rule.id', alert.ruleId],
    ['host.name', alert.hosts[0]],
    ['source.ip', alert.sourceIp],
    ['destination.ip', alert.destinationIp],
    ['user.name', alert.users[0]],
    ['process.executable', process.executable],
    ['process.command_line', process.commandLine],
    ['file.hash.sha256', hashes.sha256[0]],
    ['url.domain', alert.domains[0]],
  ];
  return fields.flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [[name, literal(value)]],
  );
}

/**
 * The text of a rule made from one alert: everything that names it is in the condition, so that it begins as narrow as
 * it can be and a person takes away what is too much. The source rule and its product always stay.
 */
export function draftRule(request: DraftRequest): string {
  const { alert, id, title, rationale, owner, status, expires, disposition } = request;
  const actions: RuleAction[] = [{ close: disposition }];
  const rule = {
    title: title.slice(0, 256).toWellFormed(),
    id,
    rationale,
    owner,
    status,
    expires,
    detection: {
      same: { 'event.provider': literal(alert.product), ...Object.fromEntries(narrowest(alert)) },
      condition: 'same',
    },
    actions,
    tests: { match: [exampleOf(alert)], noMatch: [{ ...exampleOf(alert), 'rule.id': 'another-rule' }] },
  };
  return stringify(rule, { lineWidth: 100, aliasDuplicateObjects: false });
}

/** The alert as an example beside the rule, in the field names of rules. */
function exampleOf(alert: NormalisedAlert): Record<string, string> {
  const plain = narrowest(alert).map(([name, value]): [string, string] => [
    name,
    value.replaceAll(/\\([\\*?])/g, '$1'),
  ]);
  return { 'event.provider': alert.product, ...Object.fromEntries(plain) };
}
