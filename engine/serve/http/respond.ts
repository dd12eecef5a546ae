import type { ServerResponse } from 'node:http';

/** The policy that every response carries. The nonce is for the style tags that the component library writes. */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export function setSecurityHeaders(response: ServerResponse, nonce: string, isTls: boolean): void {
  response.setHeader('content-security-policy', contentSecurityPolicy(nonce));
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('permissions-policy', 'camera=(), microphone=(), geolocation=()');
  response.setHeader('cache-control', 'no-store');
  if (isTls) response.setHeader('strict-transport-security', 'max-age=31536000');
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end(`${text}\n`);
}

/** A page of our own words; nothing of the request is repeated in it. */
export function sendPage(response: ServerResponse, status: number, title: string, text: string, nonce: string): void {
  response.statusCode = status;
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title} · Evenwatch</title>
<style nonce="${nonce}">body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:18vh auto 0;padding:0 1.5rem}h1{font-size:1.25rem}code{font-size:.95em}</style></head>
<body><h1>${title}</h1>${text}</body></html>
`);
}

export const NO_SESSION_TEXT = `<p>Evenwatch opens with a link that works once. This one was used already, is older than a day, or is not complete.</p>
<p>To get a new one, press Enter in the terminal where Evenwatch runs, or run <code>npm run -s evenwatch -- hub link</code> on that machine.</p>`;
