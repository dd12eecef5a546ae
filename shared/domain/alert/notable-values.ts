import type { NormalisedAlert } from '../../model/alert.ts';

/** Something that an alert names, of the kinds that make an alert new although others like it were closed. */
export interface NotableValue {
  kind: 'hash' | 'destination' | 'command line';
  value: string;
}

const URL_HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]+)/i;

/** Hashes, destinations and the command line of an alert, each once, spelled so that the same thing is the same text. */
export function notableValues(alert: NormalisedAlert): NotableValue[] {
  const found = new Map<string, NotableValue>();
  const add = (kind: NotableValue['kind'], value: string | null | undefined) => {
    if (value === null || value === undefined || value === '') return;
    const text = kind === 'command line' ? value : value.toLowerCase();
    found.set(`${kind} ${text}`, { kind, value: text });
  };
  const { hashes } = alert;
  for (const hash of [...hashes.sha256, ...hashes.sha1, ...hashes.md5]) add('hash', hash);
  add('destination', alert.destinationIp);
  for (const domain of alert.domains) add('destination', domain);
  for (const url of alert.urls) add('destination', URL_HOST.exec(url)?.[1]);
  add('command line', alert.process.commandLine);
  return [...found.values()];
}
