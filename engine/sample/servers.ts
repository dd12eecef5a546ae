import type { Criticality } from '../../shared/model/vocabulary.ts';

/** Name, address, system, criticality (null: nobody wrote it down), faces the internet, who answers for it. */
export type ServerPlan = readonly [
  name: string,
  ip: string,
  os: 'windows' | 'linux',
  criticality: Criticality | null,
  internetFacing: boolean,
  owner: string | null,
];

export const SERVERS: readonly ServerPlan[] = [
  ['hl-dc01', '10.10.1.10', 'windows', 'crown_jewel', false, 'Directory services'],
  ['hl-dc02', '10.10.1.11', 'windows', 'crown_jewel', false, 'Directory services'],
  ['hl-fs01', '10.10.2.20', 'windows', 'crown_jewel', false, 'File services'],
  ['hl-fs02', '10.10.2.21', 'windows', 'high', false, 'File services'],
  ['hl-erp01', '10.10.2.30', 'linux', 'crown_jewel', false, 'Finance systems'],
  ['hl-sql01', '10.10.2.31', 'windows', 'crown_jewel', false, 'Finance systems'],
  ['hl-wms01', '10.10.2.40', 'linux', 'high', false, 'Warehouse systems'],
  ['hl-wms02', '10.10.2.41', 'linux', 'high', false, 'Warehouse systems'],
  ['hl-crm01', '10.10.2.50', 'linux', 'high', false, 'Sales systems'],
  ['hl-ai-gw01', '10.10.2.60', 'linux', 'high', false, 'Data and AI'],
  ['hl-bkp01', '10.10.3.10', 'windows', 'high', false, 'Backup'],
  ['hl-wsus01', '10.10.3.20', 'windows', 'medium', false, 'Workplace services'],
  ['hl-prn01', '10.10.3.30', 'windows', 'low', false, 'Workplace services'],
  ['hl-jump01', '10.10.3.40', 'windows', 'high', false, 'Directory services'],
  ['hl-build01', '10.10.3.50', 'linux', 'medium', false, 'Web team'],
  ['hl-k8s-01', '10.10.4.11', 'linux', 'medium', false, 'Web team'],
  ['hl-k8s-02', '10.10.4.12', 'linux', 'medium', false, 'Web team'],
  ['hl-k8s-03', '10.10.4.13', 'linux', 'medium', false, 'Web team'],
  ['hl-k8s-04', '10.10.4.14', 'linux', null, false, null],
  ['hl-legacy-edi', '10.10.4.90', 'linux', null, false, null],
  ['hl-scan01', '10.10.9.20', 'linux', 'medium', false, 'Vulnerability management'],
  ['hl-mon01', '10.10.9.40', 'linux', 'medium', false, 'Platform'],
  ['hl-ansible01', '10.10.9.50', 'linux', 'high', false, 'Platform'],
  ['hl-web01', '10.12.0.11', 'linux', 'high', true, 'Web team'],
  ['hl-web02', '10.12.0.12', 'linux', 'high', true, 'Web team'],
  ['hl-vpn01', '10.12.0.20', 'linux', 'high', true, 'Network'],
  ['hl-mx01', '10.12.0.30', 'linux', 'high', true, 'Messaging'],
];

/** Networks as the asset list knows them; a machine of its own entry overrides its network. */
export const NETWORKS: readonly (readonly [cidr: string, criticality: Criticality, owner: string, note: string])[] = [
  ['10.20.0.0/16', 'low', 'Workplace services', 'Office Rotterdam'],
  ['10.21.0.0/16', 'low', 'Workplace services', 'Office Gdansk'],
  ['10.22.0.0/16', 'low', 'Workplace services', 'Office Lisbon'],
  ['10.31.0.0/16', 'low', 'Warehouse systems', 'Warehouse 1'],
  ['10.32.0.0/16', 'low', 'Warehouse systems', 'Warehouse 2'],
  ['10.33.0.0/16', 'low', 'Warehouse systems', 'Warehouse 3'],
];
