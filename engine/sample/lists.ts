import type { Company } from './company.ts';
import { COMPANY } from './company.ts';
import { NETWORKS } from './servers.ts';

type Cell = string | boolean | null;

function csv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell) => {
    const text = value === null ? '' : value === true ? 'yes' : value === false ? 'no' : value;
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${[header, ...rows].map((row) => row.map(cell).join(',')).join('\n')}\n`;
}

/**
 * The asset list, as a company has it: servers by name and by address (sensors only know addresses), desks by name,
 * networks for the rest. Some lines say nothing about criticality, because nobody ever wrote it down.
 */
export function assetsCsv(company: Company): string {
  const rows: Cell[][] = [];
  for (const server of company.servers) {
    for (const key of [server.name, server.ip]) {
      rows.push([key, server.criticality, server.internetFacing, server.owner, null]);
    }
  }
  for (const host of [...company.workstations, ...company.handhelds]) {
    rows.push([host.name.toLowerCase(), host.criticality, false, host.owner, host.site]);
  }
  for (const [cidr, criticality, owner, note] of NETWORKS) rows.push([cidr, criticality, false, owner, note]);
  return csv(['name', 'criticality', 'internet_facing', 'owner', 'note'], rows);
}

const SERVICE_ACCOUNTS: readonly (readonly [name: string, tier0: boolean | null, owner: string])[] = [
  ['svc-backup', true, 'Backup'],
  ['svc-ai-assistant', false, 'Data and AI'],
  ['ansible', null, 'Platform'],
  ['deploy', false, 'Web team'],
  ['system', false, 'Directory services'],
];

/** The identity list: tier 0 are the administrators' own accounts and the backup's. About one person in eleven is missing. */
export function identitiesCsv(company: Company): string {
  const rows: Cell[][] = [];
  for (const administrator of company.administrators) {
    rows.push([administrator.adminAccount, true, 'crown_jewel', administrator.name, 'May change domain controllers']);
  }
  for (const [name, tier0, owner] of SERVICE_ACCOUNTS) rows.push([name, tier0, 'high', owner, 'Service account']);
  for (const person of company.employees) {
    if (person.isListed) rows.push([person.account, false, 'low', person.department, COMPANY.mailDomain]);
  }
  return csv(['name', 'tier0', 'criticality', 'owner', 'note'], rows);
}
