import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext, type TlsOptions } from 'node:tls';
import { EngineError } from '../../../shared/model/errors.ts';
import type { SettingsOf } from '../../../shared/model/source.ts';
import type { SourceContext } from './live-source.ts';

export type TlsFiles = NonNullable<SettingsOf<'syslog'>['tls']>;
type TlsContext = Pick<SourceContext, 'tlsPath' | 'clock' | 'problem' | 'log' | 'source'>;

/** How often certificate and key are looked at again, in milliseconds: they are renewed while everything runs. */
const LOOK_EVERY_MS = 30_000;

export interface ReadTls {
  options: TlsOptions;
  /** One sentence when senders will refuse it as it is. */
  problem: string | null;
}

/** Reads certificate and key. Throws EngineError for what cannot be used at all. */
export async function readTls(files: TlsFiles, context: TlsContext): Promise<ReadTls> {
  const [cert, key, ca] = await Promise.all([
    contentOf(files.certFile, context),
    contentOf(files.keyFile, context),
    files.clientCaFile === null ? null : contentOf(files.clientCaFile, context),
  ]);
  const options: TlsOptions = {
    cert,
    key,
    minVersion: 'TLSv1.2',
    ...(ca === null ? {} : { ca, requestCert: true, rejectUnauthorized: true }),
  };
  let parsed: X509Certificate;
  try {
    parsed = new X509Certificate(cert);
    createSecureContext(options);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new EngineError(
      'invalid_input',
      `${files.certFile} and ${files.keyFile} are not a certificate and its key in PEM form (${said}).`,
    );
  }
  return { options, problem: validity(parsed, files.certFile, context.clock.nowMs()) };
}

function validity(cert: X509Certificate, name: string, nowMs: number): string | null {
  const day = (date: Date) => date.toISOString().slice(0, 10);
  if (cert.validToDate.getTime() <= nowMs) {
    return `The certificate ${name} expired on ${day(cert.validToDate)}, so senders refuse it. Put a new one in its place.`;
  }
  if (cert.validFromDate.getTime() > nowMs) {
    return `The certificate ${name} is valid only from ${day(cert.validFromDate)} on. Check the clock of this machine.`;
  }
  return null;
}

async function contentOf(name: string, context: TlsContext): Promise<Buffer> {
  const path = context.tlsPath(name);
  try {
    return await readFile(path);
  } catch {
    throw new EngineError('invalid_input', `${path} is not there, or may not be read.`);
  }
}

/** Gives new options whenever the files changed, and says what is wrong with them. Answers with what ends the watch. */
export function watchTls(
  files: TlsFiles,
  context: TlsContext,
  use: (options: TlsOptions) => void,
  everyMs = LOOK_EVERY_MS,
): () => void {
  const names = [files.certFile, files.keyFile, ...(files.clientCaFile === null ? [] : [files.clientCaFile])];
  const seen = () =>
    Promise.all(
      names.map((name) =>
        stat(context.tlsPath(name)).then(
          ({ mtimeMs, size, ino }) => `${mtimeMs}/${size}/${ino}`,
          () => 'gone',
        ),
      ),
    ).then((each) => each.join(' '));
  let known: string | null = null;
  let told: string | null = null;
  const look = async (): Promise<void> => {
    const now = await seen();
    if (known !== null && now !== known) {
      const read = await readTls(files, context).catch((error: unknown) => {
        told = error instanceof EngineError ? error.message : String(error);
        context.problem(`${told} The ones before stay in use.`);
        return null;
      });
      if (read !== null) {
        use(read.options);
        context.log.info({ source: context.source.id }, 'Certificate and key were read again');
      }
      if (read !== null && (told !== null || read.problem !== null)) {
        told = read.problem;
        context.problem(told);
      }
    }
    known = now;
  };
  let isLooking = false;
  const lookOnce = (): void => {
    if (isLooking) return;
    isLooking = true;
    look()
      .catch((error: unknown) => context.log.warn({ error: String(error) }, 'Certificates could not be looked at'))
      .finally(() => {
        isLooking = false;
      });
  };
  lookOnce();
  const timer = setInterval(lookOnce, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
