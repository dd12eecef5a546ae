import { readFileSync } from 'node:fs';
import { EngineError } from '../../../shared/model/errors.ts';
import { parseListen } from '../../serve/http/listen-policy.ts';
import { UsageError } from '../arguments.ts';
import { EVENWATCH } from '../called-by-npm.ts';
import type { Command } from '../command.ts';
import { runHub } from '../hub.ts';

export const hubCommand: Command = {
  name: 'hub',
  usage: '',
  summary: 'Serve this data folder to browsers: one desk on this machine, or a team over TLS',
  flags: {
    listen: { value: 'HOST:PORT', help: 'where to listen (127.0.0.1:8500)' },
    database: { value: 'URL', help: 'a PostgreSQL database instead of the file in the data folder' },
    'tls-cert': { value: 'FILE', help: 'certificate (PEM); needed to be reached from other machines' },
    'tls-key': { value: 'FILE', help: 'its private key (PEM)' },
    'host-name': { value: 'NAME', help: 'name under which people open this server' },
  },
  async run({ args, terminal, dataDir, isJson }) {
    if (args.positionals.length > 0) throw new UsageError(`hub takes no "${args.positionals[0]}".`);
    const cert = args.text('tls-cert');
    const key = args.text('tls-key');
    if ((cert === undefined) !== (key === undefined))
      throw new UsageError('Give both --tls-cert and --tls-key, or neither.');
    const hostName = args.text('host-name');
    await runHub({
      dataDir,
      logLevel: 'warn',
      listen: parseListen(args.text('listen') ?? '127.0.0.1:8500'),
      databaseUrl: args.text('database') ?? null,
      tls: cert === undefined || key === undefined ? null : { cert: readPem(cert), key: readPem(key) },
      hostNames: hostName === undefined ? [] : [hostName],
      onReady({ origin, link }) {
        if (isJson) terminal.out(`${JSON.stringify({ origin, link })}\n`);
        else if (link === null)
          terminal.out(`Evenwatch serves ${origin}\nA link for one person: ${EVENWATCH} hub link --person ID\n`);
        else terminal.out(`Evenwatch serves ${origin}\nOpen this link; it works once: ${link}\n`);
      },
    });
    return null;
  },
};

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new EngineError(
      'not_found',
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
