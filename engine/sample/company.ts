import type { Criticality } from '../../shared/model/vocabulary.ts';
import { accountPart, NAME_POOLS } from './people-names.ts';
import type { SeededRandom } from './random.ts';
import { SERVERS, type ServerPlan } from './servers.ts';

export const COMPANY = {
  name: 'Halden Logistics',
  windowsDomain: 'HALDEN',
  internalDomain: 'corp.halden.example',
  mailDomain: 'halden.example',
  employees: 900,
} as const;

export interface Host {
  /** As its owner writes it: workstations upper case, servers lower case. */
  name: string;
  ip: string;
  os: 'windows' | 'linux';
  kind: 'workstation' | 'handheld' | 'server';
  site: string;
  /** Null on purpose for some: nobody wrote down what they are for. */
  criticality: Criticality | null;
  internetFacing: boolean;
  owner: string | null;
  /** Number of its agent in the endpoint product. */
  agentId: string;
}

export interface Employee {
  name: string;
  account: string;
  email: string;
  department: string;
  host: Host;
  isListed: boolean;
}

export interface Company {
  employees: readonly Employee[];
  workstations: readonly Host[];
  handhelds: readonly Host[];
  servers: readonly Host[];
  /** By name; throws for a name that no server has. */
  server(name: string): Host;
  administrators: readonly Administrator[];
}

export interface Administrator {
  name: string;
  /** The account for daily work and the one that may change domain controllers. */
  account: string;
  adminAccount: string;
}

interface Site {
  name: string;
  network: string;
  desks: number;
}
const OFFICES: readonly Site[] = [
  { name: 'Rotterdam', network: '10.20', desks: 280 },
  { name: 'Gdansk', network: '10.21', desks: 150 },
  { name: 'Lisbon', network: '10.22', desks: 90 },
];
const WAREHOUSES = ['10.31', '10.32', '10.33'];
const HANDHELDS_EACH = 24;
const DEPARTMENTS = ['Operations', 'Customs', 'Sales', 'Finance', 'Customer service', 'People', 'IT', 'Legal', 'Fleet'];

/** 900 people, a desk for 520 of them, three warehouses and the servers, the same for the same stream of numbers. */
export function makeCompany(random: SeededRandom): Company {
  const workstations = makeWorkstations(random);
  const handhelds = makeHandhelds();
  const servers = SERVERS.map(makeServer);
  const byName = new Map(servers.map((server) => [server.name, server]));
  return {
    workstations,
    handhelds,
    servers,
    employees: makeEmployees(random, workstations, handhelds),
    administrators: ADMINISTRATORS,
    server(name) {
      const server = byName.get(name);
      if (server === undefined) throw new RangeError(`No server of the sample company is called ${name}.`);
      return server;
    },
  };
}

const ADMINISTRATORS: readonly Administrator[] = [
  { name: 'Ruben Hoekstra', account: 'ruben.hoekstra', adminAccount: 'adm-rhoekstra' },
  { name: 'Magdalena Sikora', account: 'magdalena.sikora', adminAccount: 'adm-msikora' },
  { name: 'Kofi Mensah', account: 'kofi.mensah', adminAccount: 'adm-kmensah' },
];

function agentNumber(index: number): string {
  return String(index).padStart(3, '0');
}

function makeWorkstations(random: SeededRandom): Host[] {
  const hosts: Host[] = [];
  for (const office of OFFICES) {
    for (let desk = 0; desk < office.desks; desk += 1) {
      const index = hosts.length + 1;
      hosts.push({
        name: `HL-WS-${String(index).padStart(4, '0')}`,
        ip: `${office.network}.${10 + Math.floor(desk / 200)}.${20 + (desk % 200)}`,
        os: 'windows',
        kind: 'workstation',
        site: office.name,
        criticality: random.chance(0.06) ? null : random.chance(0.08) ? 'medium' : 'low',
        internetFacing: false,
        owner: 'Workplace services',
        agentId: agentNumber(100 + index),
      });
    }
  }
  return hosts;
}

function makeHandhelds(): Host[] {
  return WAREHOUSES.flatMap((network, warehouse) =>
    Array.from(
      { length: HANDHELDS_EACH },
      (_, index): Host => ({
        name: `WH${warehouse + 1}-SCAN-${String(index + 1).padStart(2, '0')}`,
        ip: `${network}.40.${10 + index}`,
        os: 'linux',
        kind: 'handheld',
        site: `Warehouse ${warehouse + 1}`,
        criticality: 'low',
        internetFacing: false,
        owner: 'Warehouse systems',
        agentId: agentNumber(700 + warehouse * HANDHELDS_EACH + index),
      }),
    ),
  );
}

function makeServer(plan: ServerPlan, index: number): Host {
  const [name, ip, os, criticality, internetFacing, owner] = plan;
  return {
    name,
    ip,
    os,
    kind: 'server',
    site: 'Data centre',
    criticality,
    internetFacing,
    owner,
    agentId: agentNumber(10 + index),
  };
}

/** A person without a desk shares a handheld. Two people of one name get a number, as accounts do. */
function makeEmployees(random: SeededRandom, desks: readonly Host[], handhelds: readonly Host[]): Employee[] {
  const taken = new Set<string>();
  return Array.from({ length: COMPANY.employees }, (_, index) => {
    const pool = random.pick(NAME_POOLS);
    const given = random.pick(pool.given);
    const family = random.pick(random.chance(0.15) ? random.pick(NAME_POOLS).family : pool.family);
    const plain = `${accountPart(given)}.${accountPart(family)}`;
    let account = plain;
    for (let number = 2; taken.has(account); number += 1) account = `${plain}${number}`;
    taken.add(account);
    return {
      name: `${given} ${family}`,
      account,
      email: `${account}@${COMPANY.mailDomain}`,
      department: random.pick(DEPARTMENTS),
      host: desks[index] ?? random.pick(handhelds),
      isListed: !random.chance(0.09),
    };
  });
}
