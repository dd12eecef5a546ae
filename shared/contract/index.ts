import { alertContract } from './alert.ts';
import { assuranceContract } from './assurance.ts';
import { automationContract } from './automation.ts';
import { changesContract } from './changes.ts';
import { decisionsContract, escalationsContract } from './decisions.ts';
import { queueContract } from './queue.ts';
import { rulesContract } from './rules.ts';
import { sourcesContract } from './sources.ts';
import { myWatchContract, teamContract } from './team.ts';
import { workspaceContract } from './workspace.ts';

/** The one contract of the product: the renderer, the hub, the command line and third parties all use it. */
export const contract = {
  workspace: workspaceContract,
  queue: queueContract,
  alert: alertContract,
  decisions: decisionsContract,
  escalations: escalationsContract,
  automation: automationContract,
  assurance: assuranceContract,
  rules: rulesContract,
  team: teamContract,
  myWatch: myWatchContract,
  sources: sourcesContract,
  changes: changesContract,
};
export type Contract = typeof contract;
