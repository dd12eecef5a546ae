import type { z } from 'zod';
import type { gateSchema } from '../../../shared/contract/team.ts';

export type Gate = z.infer<typeof gateSchema>;

export interface GateField {
  key: keyof Gate;
  label: string;
  description: string;
  /** What is said when the field cannot be recorded as it is. */
  problem: string;
}

/** What has to be on record before a lead sees any band, in the words of the form. */
export const GATE_FIELDS: readonly GateField[] = [
  {
    key: 'dpiaReference',
    label: 'Impact assessment',
    description: 'Its reference, or “not applicable, because …”.',
    problem: 'Give its reference, or say why there is none.',
  },
  {
    key: 'workersInformedOn',
    label: 'People informed on',
    description: 'Year-month-day, such as 2026-11-02.',
    problem: 'Write the day as year-month-day, such as 2026-11-02.',
  },
  {
    key: 'consultation',
    label: 'Consultation',
    description: 'Who was consulted, when, and what came of it.',
    problem: 'Say who was consulted and what came of it, or why nobody was.',
  },
  {
    key: 'countryPolicy',
    label: 'Country policy',
    description: 'The policy file whose limits apply.',
    problem: 'Name the policy file.',
  },
  {
    key: 'purpose',
    label: 'Purpose',
    description: 'What leads will use bands for. Not appraisal, pay or discipline.',
    problem: 'Say in a sentence what leads will use bands for.',
  },
];
