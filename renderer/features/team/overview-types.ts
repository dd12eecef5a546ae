import type { InferContractRouterOutputs } from '@orpc/contract';
import type { Contract } from '../../../shared/contract/index.ts';

export type Overview = InferContractRouterOutputs<Contract>['team']['overview'];
export type TierFacts = Overview['tiers'][number];
export type PersonFacts = Overview['people'][number];
export type RestConflict = Overview['restConflicts'][number];
export type FlowHour = Overview['flow'][number];
