import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** Canonical JSON (RFC 8785): equal values give equal text on every machine, so that digests can be compared. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('This value has no JSON form');
  return text;
}

/** SHA-256 in lower-case hex. */
export function sha256Hex(text: string): string {
  return hash('sha256', text, 'hex');
}
