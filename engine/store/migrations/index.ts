import { initial } from './0001-initial.ts';
import { ownRights } from './0002-own-rights.ts';
import { sources } from './0003-sources.ts';
import { grouping } from './0004-grouping.ts';
import { retention } from './0005-retention.ts';
import { assurance } from './0006-assurance.ts';
import { ruleLife } from './0007-rule-life.ts';
import { seenSince } from './0008-seen-since.ts';
import { mappingVersions } from './0009-mapping-versions.ts';
import { severityAndTrials } from './0010-severity-and-trials.ts';

/** The types and endings that a database gives to a migration. The same shape as ColumnTypes of dialect.ts. */
export interface MigrationTypes {
  int: string;
  float: string;
  text: string;
  blob: string;
  table: string;
  keyTable: string;
}

/** One step upwards. A step that was released never changes; its statements are checked against a stored digest. */
export interface Migration {
  name: string;
  statements(types: MigrationTypes): string[];
}

/** In the order in which they run. A list and no scan of a folder, so that a bundle holds them. */
export const MIGRATIONS: readonly Migration[] = [
  initial,
  ownRights,
  sources,
  grouping,
  retention,
  assurance,
  ruleLife,
  seenSince,
  mappingVersions,
  severityAndTrials,
];
