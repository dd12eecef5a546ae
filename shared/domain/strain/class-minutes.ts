import type { StrainPolicy } from '../../model/policy.ts';
import type { Severity } from '../../model/vocabulary.ts';

/** One sample of active handling: its class and its minutes. There is no person in it. */
export interface HandlingSample {
  class: string;
  minutes: number;
}

export interface ClassMinutes {
  minutes: number;
  /** Samples behind the median; 0 when the severity's default stands in. */
  samples: number;
}

/** Median handling minutes of each class that has enough samples. The caller cuts the samples to the window. */
export function classMedians(samples: readonly HandlingSample[], policy: StrainPolicy): Map<string, ClassMinutes> {
  const medians = new Map<string, ClassMinutes>();
  for (const [name, own] of Map.groupBy(samples, (sample) => sample.class)) {
    if (own.length < policy.handling.casesMin) continue;
    medians.set(name, { minutes: median(own.map((sample) => sample.minutes)), samples: own.length });
  }
  return medians;
}

/** Minutes that one item of a class is worth: the team's median, or the default of its severity. */
export function minutesOfClass(
  name: string,
  severity: Severity,
  medians: ReadonlyMap<string, ClassMinutes>,
  policy: StrainPolicy,
): ClassMinutes {
  return medians.get(name) ?? { minutes: policy.handling.defaultMinutes[severity], samples: 0 };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
