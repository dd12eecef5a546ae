import { fortnightUntil } from './calendar.ts';
import { type Company, makeCompany } from './company.ts';
import { seededRandom } from './random.ts';
import type { SampleRecord } from './record.ts';
import { assistantAbuse } from './scenes/assistant-abuse.ts';
import { cloudDetections, cloudPosture, reportedMail } from './scenes/cloud-noise.ts';
import { adminWork, deskWork } from './scenes/desk-work.ts';
import { administratorTools, buildingBlocks, dailyDetections } from './scenes/elastic-noise.ts';
import {
  backupNights,
  brokenAgent,
  mistypedPasswords,
  monitoringProbe,
  patchEvenings,
  sudoWork,
  warehouseAgents,
  webServers,
} from './scenes/endpoint-noise.ts';
import { hostileText } from './scenes/hostile-text.ts';
import { intrusion } from './scenes/intrusion.ts';
import { knocking, officeTraffic, passingTraffic, scannerNights, sweeps, worthALook } from './scenes/network-noise.ts';
import type { World } from './world.ts';

const SCENES: readonly ((world: World) => SampleRecord[])[] = [
  scannerNights,
  officeTraffic,
  knocking,
  sweeps,
  worthALook,
  passingTraffic,
  brokenAgent,
  backupNights,
  sudoWork,
  monitoringProbe,
  mistypedPasswords,
  patchEvenings,
  warehouseAgents,
  webServers,
  deskWork,
  adminWork,
  administratorTools,
  dailyDetections,
  buildingBlocks,
  cloudPosture,
  cloudDetections,
  reportedMail,
  hostileText,
  assistantAbuse,
  intrusion,
];

export const SAMPLE_SEED = 'halden-1';

export interface Sample {
  company: Company;
  /** In the order of time. */
  records: readonly SampleRecord[];
}

/** A fortnight at the sample company that ends at `endsAtMs`: the same seed and end give the same records. */
export function generateSample(options: { seed?: string; endsAtMs: number; volume?: number }): Sample {
  const random = seededRandom(options.seed ?? SAMPLE_SEED);
  const company = makeCompany(random.fork('company'));
  const world: World = { company, random, fortnight: fortnightUntil(options.endsAtMs, options.volume) };
  const records = SCENES.flatMap((scene) => scene(world)).filter((record) => record.atMs < options.endsAtMs);
  return { company, records: records.sort((a, b) => a.atMs - b.atMs) };
}
