import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const certificateFolder = mkdtempSync(join(tmpdir(), 'evenwatch-certificates-'));

/** Makes `NAME.pem` and `NAME-key.pem`, its own authority, for a day; false where no openssl is. */
export function makeCertificate(name: string): boolean {
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...['-subj', `/CN=${name}.example`, '-addext', 'subjectAltName=DNS:soc.example,IP:127.0.0.1'],
    ...['-keyout', join(certificateFolder, `${name}-key.pem`), '-out', join(certificateFolder, `${name}.pem`)],
  ]);
  return made.status === 0;
}

export function removeCertificates(): void {
  rmSync(certificateFolder, { recursive: true, force: true });
}
