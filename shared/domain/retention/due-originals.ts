import type { DropCause, StoragePolicy } from '../../model/storage.ts';
import { SEVERITIES, type Severity } from '../../model/vocabulary.ts';

/** How much lies there of one severity and of one day on which it was stored. */
export interface StoredTotal {
  severity: Severity;
  /** Days since 1970-01-01. */
  storedDay: number;
  blocks: number;
  records: number;
  storedBytes: number;
}

/** Originals of one severity that may go: all that were stored on `throughDay` or before. */
export interface DueOriginals {
  severity: Severity;
  throughDay: number;
  cause: DropCause;
  /** Sum of what lies there; what is held is not taken off. */
  blocks: number;
  records: number;
  storedBytes: number;
}

export interface WhatIsDue {
  due: DueOriginals[];
  /** Bytes that stay above the limit although everything in the order has gone. */
  overBytes: number;
}

/**
 * What the policy lets go on the day `today` (days since 1970-01-01). Age first: an original stays for its full number of
 * days after the day on which it was stored. Then size: day by day, in the order of the policy, until the rest fits.
 * `heldBytes` lie there too and cannot go, because something refers to them: they count towards the size.
 */
export function dueOriginals(
  totals: readonly StoredTotal[],
  policy: StoragePolicy['originals'],
  today: number,
  heldBytes = 0,
): WhatIsDue {
  const byAge = SEVERITIES.flatMap((severity): DueOriginals[] => {
    const days = policy.keepDays[severity];
    if (days === null) return [];
    const throughDay = today - days - 1;
    return dueOf(
      totals.filter((total) => total.severity === severity && total.storedDay <= throughDay),
      severity,
      throughDay,
      'age',
    );
  });
  const { maxBytes, order, keepDays } = policy.size;
  if (maxBytes === null) return { due: byAge, overBytes: 0 };
  const isOver = ({ severity, storedDay }: StoredTotal) => {
    const days = policy.keepDays[severity];
    return days !== null && storedDay <= today - days - 1;
  };
  const staying = totals.filter((total) => !isOver(total));
  let over = staying.reduce((sum, total) => sum + total.storedBytes, 0) + heldBytes - maxBytes;
  const bySize: DueOriginals[] = [];
  for (const severity of order) {
    const oldestFirst = staying
      .filter((total) => total.severity === severity && total.storedDay <= today - keepDays - 1)
      .sort((a, b) => a.storedDay - b.storedDay);
    const going: StoredTotal[] = [];
    for (const total of oldestFirst) {
      if (over <= 0) break;
      going.push(total);
      over -= total.storedBytes;
    }
    bySize.push(...dueOf(going, severity, going.at(-1)?.storedDay ?? 0, 'size'));
  }
  return { due: [...byAge, ...bySize], overBytes: Math.max(0, over) };
}

function dueOf(
  going: readonly StoredTotal[],
  severity: Severity,
  throughDay: number,
  cause: DropCause,
): DueOriginals[] {
  if (going.length === 0) return [];
  const sum = (of: (total: StoredTotal) => number) => going.reduce((total, each) => total + of(each), 0);
  return [
    {
      severity,
      throughDay,
      cause,
      blocks: sum((total) => total.blocks),
      records: sum((total) => total.records),
      storedBytes: sum((total) => total.storedBytes),
    },
  ];
}
