import { expect } from 'vitest';
import type { AlertFormat, FormatResult } from '../../../../engine/ingest/format.ts';
import type { NormalisedAlert, ReadWarning } from '../../../../shared/model/alert.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';

export function alertOf(format: AlertFormat, record: JsonObject): NormalisedAlert & { warnings: ReadWarning[] } {
  const result: FormatResult = format.read(record);
  if (result.kind !== 'alert') expect.fail(`${result.kind}: ${result.why}`);
  return { ...result.alert, warnings: result.warnings };
}

export function whyNot(format: AlertFormat, record: JsonObject): string {
  const result = format.read(record);
  if (result.kind === 'alert') expect.fail('it is an alert');
  return `${result.kind}: ${result.why}`;
}
