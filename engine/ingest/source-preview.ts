import { principalEntity } from '../../shared/domain/alert/principal-entity.ts';
import type { SourcePreview } from '../../shared/model/source.ts';
import { type DeliveredBytes, recordsOf } from './delivery.ts';
import type { FormatCatalogue } from './formats/index.ts';
import { type Classified, makeClassifier } from './pipeline-classify.ts';
import type { RawRecord } from './records/raw-record.ts';
import { storableText } from './storable-text.ts';
import { readStoredAlert } from './stored-alert.ts';

/** As much of a record as helps to tell it from another. */
const TEXT_SHOWN = 2_000;

const NOTHING = {
  format: null,
  why: null,
  title: null,
  severity: null,
  observedAtMs: null,
  ruleName: null,
  entity: null,
  warnings: [],
};

export interface PreviewOptions {
  formats: FormatCatalogue;
  /** `auto`, or the name of a format. */
  format: string;
  /** True where ordinary lines of text come in too. */
  takesText: boolean;
  limit: number;
  nowMs: number;
}

/**
 * The first `limit` records of what a source would deliver, each as it would be stored, by the readers that store.
 * Throws EngineError for a format that is not known.
 */
export async function previewsOf(
  records: DeliveredBytes,
  { formats, format, takesText, limit, nowMs }: PreviewOptions,
): Promise<SourcePreview[]> {
  const classify = makeClassifier(format, () => nowMs, formats);
  const previews: SourcePreview[] = [];
  for (const batch of await recordsOf(records, takesText)) {
    for (const record of batch) {
      if (previews.length < limit) previews.push(previewOf(record, classify(record), { formats, nowMs }));
    }
  }
  return previews;
}

function previewOf(
  record: RawRecord,
  item: Classified,
  { formats, nowMs }: Pick<PreviewOptions, 'formats' | 'nowMs'>,
): SourcePreview {
  const begin = record.kind === 'fault' ? record.text : Buffer.from(record.bytes.subarray(0, TEXT_SHOWN)).toString();
  const text = storableText(begin, TEXT_SHOWN);
  switch (item.kind) {
    case 'skipped':
      return { ...NOTHING, outcome: 'skip', format: item.format, why: 'By its own word it is no alert.', text };
    case 'rejected':
      return { ...NOTHING, outcome: 'reject', format: item.format, why: item.fault.message, text };
    case 'alert': {
      const { alert, format } = item;
      const warnings = readStoredAlert(formats, format, item.bytes, nowMs)?.warnings ?? [];
      return {
        outcome: 'alert',
        format,
        why: null,
        title: alert.title,
        severity: alert.severity,
        observedAtMs: alert.observedAtMs,
        ruleName: alert.ruleName,
        entity: principalEntity(alert).value,
        warnings: warnings.map(({ field, message }) => `${field}: ${message}`),
        text,
      };
    }
  }
}
