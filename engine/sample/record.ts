import type { JsonObject } from '../../shared/model/json.ts';

export const SAMPLE_FILES = ['eve.json', 'alerts.json', 'elastic.ndjson', 'findings.ndjson'] as const;
export type SampleFile = (typeof SAMPLE_FILES)[number];

/** Which of the two hidden stories a record belongs to; null is the noise of every day. Kept beside the record, never in it. */
export type Story = 'intrusion' | 'assistant' | null;

export interface SampleRecord {
  atMs: number;
  file: SampleFile;
  story: Story;
  record: JsonObject;
}

export function suricataRecord(atMs: number, record: JsonObject, story: Story = null): SampleRecord {
  return { atMs, file: 'eve.json', story, record };
}

export function wazuhRecord(atMs: number, record: JsonObject, story: Story = null): SampleRecord {
  return { atMs, file: 'alerts.json', story, record };
}

export function elasticRecord(atMs: number, record: JsonObject, story: Story = null): SampleRecord {
  return { atMs, file: 'elastic.ndjson', story, record };
}

export function ocsfRecord(atMs: number, record: JsonObject, story: Story = null): SampleRecord {
  return { atMs, file: 'findings.ndjson', story, record };
}
