/** A process of its own that receives by syslog over TCP and by HTTP, and says what that costs. */
import { listenHttp } from '../../../../engine/ingest/sources/http.ts';
import { HTTP_LIMITS } from '../../../../engine/ingest/sources/http-listener.ts';
import type { SourceContext } from '../../../../engine/ingest/sources/live-source.ts';
import { listenTcp } from '../../../../engine/ingest/sources/syslog-tcp.ts';
import type { SettingsOf } from '../../../../shared/model/source.ts';

export interface ReceiverState {
  tcp: string | null;
  http: string | null;
  connections: { tcp: number | null; http: number | null };
  records: { tcp: number; http: number };
  peakRssBytes: number;
  problems: (string | null)[];
}

const quiet = { info: () => {}, warn: () => {}, error: () => {} };
const state: ReceiverState = {
  tcp: null,
  http: null,
  connections: { tcp: null, http: null },
  records: { tcp: 0, http: 0 },
  peakRssBytes: 0,
  problems: [],
};

function contextOf<K extends 'syslog' | 'http'>(settings: SettingsOf<K>, key: 'tcp' | 'http'): SourceContext<K> {
  return {
    source: {
      name: key,
      settings,
      format: 'auto',
      site: null,
      isEnabled: true,
      quietAfterMinutes: null,
      id: 1,
      version: 1,
      createdAtMs: 0,
      tokenHint: null,
    },
    clock: { nowMs: () => Date.now() },
    random: { bytes: (length) => new Uint8Array(length) },
    log: quiet,
    signal: new AbortController().signal,
    cursors: new Map(),
    secret: async () => null,
    isToken: (token) => token === 'a-long-token',
    tlsPath: (name) => name,
    allowedPath: async (path) => path,
    deliver: async ({ records }) => {
      if (records?.kind === 'frames') state.records[key] += records.ends.length;
      // A store takes its time, and lets others have theirs.
      await new Promise((resolve) => setTimeout(resolve, 1));
      return {
        read: 0,
        stored: 0,
        updated: 0,
        duplicates: 0,
        rejected: 0,
        skipped: 0,
        autoClosed: 0,
        queued: 0,
        elapsedMs: 0,
        byFormat: {},
        problems: [],
      };
    },
    show: ({ listensOn, connections }) => {
      if (listensOn !== undefined) state[key] = listensOn;
      if (connections !== undefined) state.connections[key] = connections;
    },
    problem: (sentence) => void state.problems.push(sentence),
  };
}

await listenTcp(
  contextOf<'syslog'>({ kind: 'syslog', transport: 'tcp', host: '127.0.0.1', port: 0, tls: null }, 'tcp'),
);
await listenHttp(contextOf<'http'>({ kind: 'http', host: '127.0.0.1', port: 0, tls: null }, 'http'), HTTP_LIMITS);
process.on('message', () => {
  state.peakRssBytes = process.resourceUsage().maxRSS * 1024;
  process.send?.(state);
});
process.on('disconnect', () => process.exit(0));
process.send?.(state);
