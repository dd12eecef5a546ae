import type { FieldSubject } from '../../shared/domain/alert/ecs-fields.ts';
import { isJsonObject } from '../../shared/model/json.ts';

/**
 * What somebody would prepare who writes rules as code: every field in lower case and addresses as numbers, once for
 * each alert and not once for each rule.
 */
export interface PlainAlert {
  ruleId: string;
  ruleName: string;
  category: string;
  severity: number | null;
  domains: readonly string[];
  urls: readonly string[];
  sourceIp: string;
  /** IPv4 as an unsigned number; -1 for none. */
  sourceAddress: number;
  executable: string;
  commandLine: string;
  userAgent: string;
}

export type Plain = (alert: PlainAlert) => boolean;

const low = (text: string | null): string => (text === null ? '' : text.toLowerCase());

export function plainAlert({ alert, raw }: FieldSubject): PlainAlert {
  const http = isJsonObject(raw.http) ? raw.http : {};
  return {
    ruleId: low(alert.ruleId),
    ruleName: low(alert.ruleName),
    category: low(alert.category),
    severity: alert.severityScore,
    domains: alert.domains.map(low),
    urls: alert.urls.map(low),
    sourceIp: alert.sourceIp ?? '',
    sourceAddress: addressNumber(alert.sourceIp),
    executable: low(alert.process.executable),
    commandLine: low(alert.process.commandLine),
    userAgent: typeof http.http_user_agent === 'string' ? low(http.http_user_agent) : '',
  };
}

function addressNumber(address: string | null): number {
  if (address === null) return -1;
  const parts = address.split('.');
  return parts.length === 4 ? parts.reduce((number, part) => number * 256 + Number(part), 0) : -1;
}

/** The numbers of a network's addresses, such as `10.20.0.0/24`: its first, and the one after its last. */
export function plainNetworkRange(cidr: string): readonly [number, number] {
  const [base = '', length = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(addressNumber(base) / size) * size;
  return [first, first + size];
}

/** Whether an address lies in a network of IPv4, such as `10.20.0.0/24`. */
export function plainNetwork(cidr: string): (address: number) => boolean {
  const [first, end] = plainNetworkRange(cidr);
  return (address) => address >= first && address < end;
}
