import { readFile } from 'node:fs/promises';

const FILES = { false: '/proc/net/udp', true: '/proc/net/udp6' } as const;

/** Datagrams that the kernel dropped for this socket since it was opened; null where the kernel does not say. */
export async function kernelDrops(isIpv6: boolean, address: string, port: number): Promise<number | null> {
  const table = await readFile(FILES[isIpv6 ? 'true' : 'false'], 'latin1').catch(() => null);
  return table === null ? null : dropsIn(table, isIpv6 ? null : address, port);
}

/**
 * Reads the `drops` column of Linux's table of UDP sockets. The address narrows IPv4 sockets of one port, given in the
 * table as little-endian hexadecimal.
 */
export function dropsIn(table: string, address: string | null, port: number): number | null {
  const wantedPort = port.toString(16).toUpperCase().padStart(4, '0');
  const wantedAddress = address === null ? null : littleEndianHex(address);
  for (const line of table.split('\n').slice(1)) {
    const cells = line.trim().split(/\s+/);
    const [host, hexPort] = (cells[1] ?? '').split(':');
    if (hexPort !== wantedPort || (wantedAddress !== null && host !== wantedAddress)) continue;
    const drops = Number(cells.at(-1));
    return Number.isInteger(drops) ? drops : null;
  }
  return null;
}

function littleEndianHex(address: string): string {
  return address
    .split('.')
    .reverse()
    .map((part) => Number(part).toString(16).toUpperCase().padStart(2, '0'))
    .join('');
}
