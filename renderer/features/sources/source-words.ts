import type { InferContractRouterOutputs } from '@orpc/contract';
import type { Contract } from '../../../shared/contract/index.ts';
import type { SourceDraft, SourceKind, SourceSettings, SourceState } from '../../../shared/model/source.ts';

type SourcesOut = InferContractRouterOutputs<Contract>['sources'];
export type LiveSource = SourcesOut['list'][number];
export type SourceChoices = SourcesOut['choices'];
export type SourceTest = SourcesOut['test'];

export const KIND_WORDS: Readonly<Record<SourceKind, string>> = {
  file: 'File',
  folder: 'Folder',
  syslog: 'Syslog',
  http: 'HTTP push',
  elasticsearch: 'Elasticsearch',
};

export const KIND_MEANS: Readonly<Record<SourceKind, string>> = {
  file: 'Follows one file that a product appends to, through rotation and truncation.',
  folder: 'Takes in whole files as they appear in a folder.',
  syslog: 'Listens for syslog: CEF, LEEF, JSON and one-line alerts inside it are recognised.',
  http: 'Takes what products push: Splunk HEC, JSON, NDJSON. Each source has a token of its own.',
  elasticsearch: 'Asks Elasticsearch or OpenSearch for what is new, again and again.',
};

export const STATE_WORDS: Readonly<Record<SourceState, string>> = {
  off: 'Off',
  starting: 'Starting',
  waiting: 'Waiting',
  running: 'Running',
  held: 'Held back',
  failing: 'Failing',
  silent: 'Silent',
};

export const STATE_MEANS: Readonly<Record<SourceState, string>> = {
  off: 'It is switched off, or this host runs no sources.',
  starting: 'It is being started.',
  waiting: 'It runs, and nothing has come yet.',
  running: 'It runs.',
  held: 'The store is slow at the moment, so senders are made to wait. Nothing is lost.',
  failing: 'Something has to be mended; it is tried again by itself.',
  silent: 'It usually sends at this time and does not.',
};

/** Where a source reads or listens, in one line. */
export function addressOf(settings: SourceSettings, listensOn: string | null = null): string {
  switch (settings.kind) {
    case 'file':
      return settings.path;
    case 'folder':
      return `${settings.path}/${settings.pattern}`;
    case 'syslog':
      return `${settings.transport}://${listensOn ?? `${settings.host}:${settings.port}`}`;
    case 'http':
      return `${settings.tls === null ? 'http' : 'https'}://${listensOn ?? `${settings.host}:${settings.port}`}`;
    case 'elasticsearch':
      return `${settings.url}, ${settings.index}`;
  }
}

/** A form as it starts for each kind. */
export function emptySettings(kind: SourceKind, folder: string): SourceSettings {
  switch (kind) {
    case 'file':
      return { kind, path: `${folder}/`, fromStart: true };
    case 'folder':
      return { kind, path: folder, pattern: '*' };
    case 'syslog':
      return { kind, transport: 'tcp', host: '127.0.0.1', port: 6514, tls: null };
    case 'http':
      return { kind, host: '127.0.0.1', port: 8088, tls: null };
    case 'elasticsearch':
      return {
        kind,
        url: 'https://localhost:9200',
        index: '.alerts-security.alerts-*',
        query: '',
        timestampField: '@timestamp',
        everySeconds: 30,
        auth: 'api_key',
        login: null,
        caFile: null,
      };
  }
}

export function emptyDraft(folder: string): SourceDraft {
  return {
    name: '',
    settings: emptySettings('file', folder),
    format: 'auto',
    site: null,
    isEnabled: true,
    quietAfterMinutes: null,
  };
}
