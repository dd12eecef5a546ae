import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { JsonObject } from '../../../shared/model/json.ts';

const DIGEST_LENGTH = 32;

/** 128 bits of SHA-256 in hexadecimal: the id of an alert whose product gives none. */
export function digest(text: string): string {
  return hash('sha256', text).slice(0, DIGEST_LENGTH);
}

/** The digest of the whole record, whatever the order of its keys (RFC 8785). */
export function recordDigest(product: string, record: JsonObject): string {
  return digest(`${product}\n${canonicalText(record)}`);
}

function canonicalText(record: JsonObject): string {
  try {
    return canonicalize(record) ?? '';
  } catch {
    // Lone surrogates have no canonical form; JSON.stringify escapes them, and the same record gives the same text.
    return JSON.stringify(record);
  }
}
