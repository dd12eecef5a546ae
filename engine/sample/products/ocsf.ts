import type { JsonObject } from '../../../shared/model/json.ts';
import type { SeededRandom } from '../random.ts';

export type OcsfSeverity = 1 | 2 | 3 | 4 | 5;
const SEVERITY_NAMES = ['Unknown', 'Informational', 'Low', 'Medium', 'High', 'Critical'];
const STATUS_NAMES = ['Unknown', 'New', 'In Progress', 'Suppressed', 'Resolved'];

export interface OcsfFinding {
  product: { name: string; vendor: string; uid: string };
  ruleId: string;
  ruleName: string;
  title: string;
  description: string;
  severity: OcsfSeverity;
  types?: readonly string[];
  labels?: readonly string[];
  attacks?: readonly { tactic: string; tacticName: string; technique: string; techniqueName: string }[];
  device?: { hostname: string; ip: string };
  user?: string;
  resources?: readonly { uid: string; name: string; type: string; region?: string }[];
  evidence?: JsonObject;
  status?: 1 | 2 | 3 | 4;
  cloud?: { account: string; accountName: string; region: string };
  /** `PASS` or `FAIL` where the finding is the answer of a check. */
  statusCode?: 'PASS' | 'FAIL';
  extra?: JsonObject;
}

function infoOf(random: SeededRandom, atMs: number, finding: OcsfFinding): JsonObject {
  return {
    uid: random.uuid(),
    title: finding.title,
    desc: finding.description,
    created_time: atMs,
    types: [...(finding.types ?? ['Threat detection'])],
    product_uid: finding.product.uid,
    analytic: { uid: finding.ruleId, name: finding.ruleName, type: 'Rule', type_id: 1 },
    ...(finding.attacks === undefined
      ? {}
      : {
          attacks: finding.attacks.map((attack) => ({
            version: '17.1',
            tactic: { uid: attack.tactic, name: attack.tacticName },
            technique: { uid: attack.technique, name: attack.techniqueName },
          })),
        }),
  };
}

function cloudOf(cloud: NonNullable<OcsfFinding['cloud']>): JsonObject {
  return {
    provider: 'aws',
    region: cloud.region,
    account: { uid: cloud.account, name: cloud.accountName, type: 'AWS Account', type_id: 10 },
  };
}

/** A Detection Finding (class 2004). */
export function ocsfFinding(random: SeededRandom, atMs: number, finding: OcsfFinding): JsonObject {
  const status = finding.status ?? 1;
  return {
    class_uid: 2004,
    class_name: 'Detection Finding',
    category_uid: 2,
    category_name: 'Findings',
    activity_id: 1,
    activity_name: 'Create',
    type_uid: 200_401,
    type_name: 'Detection Finding: Create',
    time: atMs,
    severity_id: finding.severity,
    severity: SEVERITY_NAMES[finding.severity] ?? 'Unknown',
    status_id: status,
    status: STATUS_NAMES[status] ?? 'Unknown',
    ...(finding.statusCode === undefined ? {} : { status_code: finding.statusCode }),
    message: finding.description,
    metadata: {
      version: '1.4.0',
      event_code: finding.ruleId,
      profiles: ['cloud', 'datetime', 'security_control'],
      ...(finding.labels === undefined ? {} : { labels: [...finding.labels] }),
      product: {
        name: finding.product.name,
        uid: finding.product.uid,
        vendor_name: finding.product.vendor,
        version: '5.3',
      },
    },
    finding_info: infoOf(random, atMs, finding),
    ...(finding.device === undefined ? {} : { device: { ...finding.device, type_id: 1 } }),
    ...(finding.user === undefined ? {} : { actor: { user: { name: finding.user, type_id: 1 } } }),
    ...(finding.resources === undefined
      ? {}
      : { resources: finding.resources.map((resource) => ({ ...resource, region: resource.region ?? 'eu-west-1' })) }),
    ...(finding.cloud === undefined ? {} : { cloud: cloudOf(finding.cloud) }),
    ...(finding.evidence === undefined ? {} : { evidences: [finding.evidence] }),
    ...(finding.extra ?? {}),
  };
}
