import type { FieldSubject } from '../../shared/domain/alert/ecs-fields.ts';
import { ECS_FIELDS } from '../../shared/domain/alert/ecs-fields.ts';
import { nearestName } from '../../shared/domain/rules/nearest-name.ts';
import type { NormalisedAlert } from '../../shared/model/alert.ts';
import type { Json, JsonObject } from '../../shared/model/json.ts';
import type { Enrichment } from '../../shared/model/lists.ts';
import { CRITICALITIES, type Criticality, SEVERITIES, type Severity } from '../../shared/model/vocabulary.ts';

/** An alert that says nothing, to be filled with what an example says. */
function emptyAlert(): NormalisedAlert {
  return {
    product: 'example',
    stableId: 'example',
    observedAtMs: 0,
    dedupeAtMs: 0,
    title: 'Example',
    description: '',
    severity: 'unknown',
    severityScore: null,
    ruleId: 'example',
    ruleName: 'Example',
    category: null,
    tactics: [],
    techniques: [],
    hosts: [],
    users: [],
    sourceIp: null,
    sourcePort: null,
    destinationIp: null,
    destinationPort: null,
    hashes: { md5: [], sha1: [], sha256: [] },
    urls: [],
    domains: [],
    cves: [],
    process: { executable: null, commandLine: null, parentExecutable: null },
    sourceAction: null,
    closedAtSource: false,
    sourceVerdict: null,
    tags: [],
  };
}

interface Draft {
  alert: NormalisedAlert;
  enrichment: Enrichment;
}

type Fill = (draft: Draft, values: readonly Json[]) => void;

const text = (values: readonly Json[]): string => String(values[0] ?? '');
const texts = (values: readonly Json[]): string[] => values.map(String);
const number = (values: readonly Json[]): number | null =>
  values[0] === undefined || values[0] === null ? null : Number(values[0]);
const truth = (values: readonly Json[]): boolean | null => (typeof values[0] === 'boolean' ? values[0] : null);

/** How each field of an example reaches the alert. Fields that follow from others (process.name) are not among them. */
const FILLS: Readonly<Record<string, Fill>> = {
  title: ({ alert }, values) => {
    alert.title = text(values);
  },
  'event.provider': ({ alert }, values) => {
    alert.product = text(values);
  },
  'event.severity': ({ alert }, values) => {
    alert.severityScore = number(values);
  },
  'event.severity_name': ({ alert }, values) => {
    alert.severity = SEVERITIES.find((each) => each === text(values)) ?? ('unknown' satisfies Severity);
  },
  'event.category': ({ alert }, values) => {
    alert.category = text(values);
  },
  'event.action': ({ alert }, values) => {
    alert.sourceAction = text(values) === 'blocked' ? 'blocked' : 'allowed';
  },
  'event.reason': ({ alert }, values) => {
    alert.description = text(values);
  },
  message: ({ alert }, values) => {
    alert.description = text(values);
  },
  'rule.id': ({ alert }, values) => {
    alert.ruleId = text(values);
  },
  'rule.name': ({ alert }, values) => {
    alert.ruleName = text(values);
    alert.title = text(values);
  },
  'source.ip': ({ alert }, values) => {
    alert.sourceIp = text(values);
  },
  'source.port': ({ alert }, values) => {
    alert.sourcePort = number(values);
  },
  'destination.ip': ({ alert }, values) => {
    alert.destinationIp = text(values);
  },
  'destination.port': ({ alert }, values) => {
    alert.destinationPort = number(values);
  },
  'host.name': ({ alert }, values) => {
    alert.hosts = texts(values);
  },
  'user.name': ({ alert }, values) => {
    alert.users = texts(values);
  },
  'threat.technique.id': ({ alert }, values) => {
    alert.techniques = texts(values);
  },
  'threat.tactic.name': ({ alert }, values) => {
    alert.tactics = texts(values);
  },
  'process.executable': ({ alert }, values) => {
    alert.process.executable = text(values);
  },
  'process.command_line': ({ alert }, values) => {
    alert.process.commandLine = text(values);
  },
  'process.parent.executable': ({ alert }, values) => {
    alert.process.parentExecutable = text(values);
  },
  'file.hash.md5': ({ alert }, values) => {
    alert.hashes.md5 = texts(values);
  },
  'file.hash.sha1': ({ alert }, values) => {
    alert.hashes.sha1 = texts(values);
  },
  'file.hash.sha256': ({ alert }, values) => {
    alert.hashes.sha256 = texts(values);
  },
  'url.full': ({ alert }, values) => {
    alert.urls = texts(values);
  },
  'url.domain': ({ alert }, values) => {
    alert.domains = texts(values);
  },
  'vulnerability.id': ({ alert }, values) => {
    alert.cves = texts(values);
  },
  tags: ({ alert }, values) => {
    alert.tags = texts(values);
  },
  'host.criticality': ({ enrichment }, values) => {
    enrichment.hostCriticality = criticality(values);
  },
  'host.internet_facing': ({ enrichment }, values) => {
    enrichment.hostInternetFacing = truth(values);
  },
  'user.tier0': ({ enrichment }, values) => {
    enrichment.userTier0 = truth(values);
  },
  'user.criticality': ({ enrichment }, values) => {
    enrichment.userCriticality = criticality(values);
  },
  'vulnerability.known_exploited': ({ enrichment }, values) => {
    enrichment.knownExploited = truth(values);
  },
};

function criticality(values: readonly Json[]): Criticality | null {
  return CRITICALITIES.find((each) => each === text(values)) ?? null;
}

/**
 * Makes an alert of an example beside a rule: `{ rule.name: …, source.ip: …, raw.alert.gid: 1 }`. What it does not
 * name is absent, or unknown where the lists would say it. A text for a field that cannot be set says which is near.
 */
export function subjectOfExample(example: JsonObject): FieldSubject | string {
  const draft: Draft = {
    alert: emptyAlert(),
    enrichment: {
      hostCriticality: null,
      hostInternetFacing: null,
      hostOwner: null,
      userTier0: null,
      userCriticality: null,
      knownExploited: null,
    },
  };
  const raw: JsonObject = {};
  for (const [name, value] of Object.entries(example)) {
    const fill = Object.hasOwn(FILLS, name) ? FILLS[name] : undefined;
    if (name.startsWith('raw.')) raw[name.slice(4)] = value;
    else if (fill !== undefined) fill(draft, Array.isArray(value) ? value : [value]);
    else {
      const near = nearestName(name, Object.keys(FILLS));
      const isKnown = ECS_FIELDS.some((field) => field.name === name);
      const hint = isKnown
        ? 'It follows from other fields; set those.'
        : near === null
          ? ''
          : `Did you mean "${near}"?`;
      return `An example cannot set "${name}". ${hint}`.trim();
    }
  }
  return { ...draft, raw };
}
