import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { JsonObject } from '../../../../shared/model/json.ts';
import type { SourceDraft } from '../../../../shared/model/source.ts';
import { eve, NOW_MS } from '../pipeline-setting.ts';

/** One who sends while the receiver is killed and started again. Titles of its alerts are its name and a number. */
export interface Sender {
  readonly name: string;
  readonly settings: SourceDraft['settings'];
  /** The receiver is there. */
  up(listensOn: string | null, token: string | null): void;
  /** The receiver was killed; these titles are stored. */
  down(stored: ReadonlySet<string>): void;
  /** Nothing new is sent from now on; ends when the sender counts everything as taken. */
  finish(): Promise<void>;
  /** Titles of everything that was sent. */
  sent(): string[];
  /** Titles that the receiver said were stored. */
  acknowledged(): string[];
}

export type Draw = (below: number) => number;

const BATCH_MAX = 12;
const PAUSE_MS = 60;
const OLD_SECONDS = 60;

export function titleOf(name: string, n: number): string {
  return `${name} ${n}`;
}

/** An alert of its own each: no two are one to any rule of deduplication. `extra` is of the record beside the alert. */
export function alertLine(name: string, n: number, extra: JsonObject = {}): string {
  const lane = [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 1_000;
  const source = `10.${lane % 200}.0.${n % 50}`;
  return JSON.stringify(
    eve({ flow: lane * 1_000_000 + n, at: NOW_MS + n, signature: titleOf(name, n), sid: lane, source, extra }),
  );
}

abstract class NumberedSender {
  readonly name: string;
  protected count = 0;
  protected isFinishing = false;
  protected readonly draw: Draw;

  constructor(name: string, draw: Draw) {
    this.name = name;
    this.draw = draw;
  }

  protected next(): string[] {
    const from = this.count;
    this.count += 1 + this.draw(BATCH_MAX);
    return Array.from({ length: this.count - from }, (_, i) => alertLine(this.name, from + i));
  }

  sent(): string[] {
    return Array.from({ length: this.count }, (_, n) => titleOf(this.name, n));
  }

  acknowledged(): string[] {
    return [];
  }
}

/** A product that writes its log, whether anybody reads it or not, and has it rotated. It sends nothing twice. */
class LogWriter extends NumberedSender implements Sender {
  readonly settings: SourceDraft['settings'];
  readonly #path: string;
  readonly #turnsEvery: number;
  readonly #tell: (what: string) => void;
  #turns = 0;
  /** A source begins with the file that it first sees. */
  #mayRotate = false;
  readonly #writing: Promise<void>;

  constructor(draw: Draw, inbox: string, turnsEvery: number, tell: (what: string) => void) {
    super('tail', draw);
    this.#turnsEvery = turnsEvery;
    this.#tell = tell;
    mkdirSync(inbox, { recursive: true });
    this.#path = join(inbox, 'eve.json');
    this.settings = { kind: 'file', path: this.#path, fromStart: true };
    this.#writing = this.#write();
  }

  async #write(): Promise<void> {
    while (!this.isFinishing) {
      const from = this.count;
      const text = this.next()
        .map((line) => `${line}\n`)
        .join('');
      const at = this.draw(text.length);
      this.#tell(`writes ${from} to ${this.count - 1}`);
      appendFileSync(this.#path, text.slice(0, at));
      await delay(this.draw(PAUSE_MS));
      appendFileSync(this.#path, text.slice(at));
      if (this.#mayRotate && this.draw(this.#turnsEvery) === 0) this.#rotate();
      await delay(PAUSE_MS);
    }
  }

  #rotate(): void {
    this.#turns += 1;
    const turned = `${this.#path}.${this.#turns}`;
    const way = this.draw(3);
    this.#tell(`${['copies and empties', 'renames and creates', 'renames'][way]} to ${this.#turns}`);
    if (way === 0) {
      copyFileSync(this.#path, turned);
      truncateSync(this.#path);
      return;
    }
    renameSync(this.#path, turned);
    if (way === 1) writeFileSync(this.#path, '');
    const earlier = `${this.#path}.${this.#turns - 1}`;
    if (this.draw(2) === 0) this.#compress(earlier);
  }

  /** As gzip does it, which keeps the time of the file, or as `gzip -c`, whose output bears the time of packing. */
  #compress(path: string): void {
    if (!existsSync(path)) return;
    const { mtime } = statSync(path);
    const keepsTime = this.draw(2) === 0;
    this.#tell(`compresses ${path.slice(this.#path.length + 1)}${keepsTime ? '' : ' with a new time'}`);
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)));
    if (keepsTime) utimesSync(`${path}.gz`, mtime, mtime);
    rmSync(path);
  }

  up(): void {}
  down(stored: ReadonlySet<string>): void {
    this.#mayRotate ||= stored.has(titleOf(this.name, 0));
  }

  async finish(): Promise<void> {
    this.isFinishing = true;
    await this.#writing;
  }
}

/** A product that drops whole files into a folder, some compressed. */
class Dropper extends NumberedSender implements Sender {
  readonly settings: SourceDraft['settings'];
  readonly #folder: string;
  readonly #writing: Promise<void>;

  constructor(draw: Draw, inbox: string) {
    super('drop', draw);
    this.#folder = join(inbox, 'drop');
    mkdirSync(this.#folder, { recursive: true });
    this.settings = { kind: 'folder', path: this.#folder, pattern: '*.json*' };
    this.#writing = this.#write();
  }

  async #write(): Promise<void> {
    while (!this.isFinishing) {
      const lines = this.next();
      const content = this.draw(2) === 0 ? `${lines.join('\n')}\n` : `[${lines.join(',\n')}]`;
      const isPacked = this.draw(3) === 0;
      const name = join(this.#folder, `${this.count}.json${isPacked ? '.gz' : ''}`);
      writeFileSync(`${name}.part`, isPacked ? gzipSync(content) : content);
      // Most are of an age at which nobody waits for them to stand still.
      const atSeconds = Date.now() / 1_000 - (this.draw(4) === 0 ? 0 : OLD_SECONDS);
      utimesSync(`${name}.part`, atSeconds, atSeconds);
      renameSync(`${name}.part`, name);
      await delay(PAUSE_MS * 3);
    }
  }

  up(): void {}
  down(): void {}

  async finish(): Promise<void> {
    this.isFinishing = true;
    await this.#writing;
  }
}

/** Syslog over TCP, which acknowledges nothing: after a lost connection it sends again from where it knows of no gap. */
class TcpSender extends NumberedSender implements Sender {
  readonly settings: SourceDraft['settings'] = {
    kind: 'syslog',
    transport: 'tcp',
    host: '127.0.0.1',
    port: 0,
    tls: null,
  };
  #good = 0;
  #socket: Socket | null = null;
  #sending: Promise<void> = Promise.resolve();

  constructor(draw: Draw) {
    super('tcp', draw);
  }

  up(listensOn: string | null): void {
    const port = Number(listensOn?.split(':').at(-1));
    const socket = createConnection(port, '127.0.0.1');
    // A connection that breaks is what this is about.
    socket.on('error', () => {});
    this.#socket = socket;
    this.#sending = this.#send(socket);
  }

  async #send(socket: Socket): Promise<void> {
    for (let n = this.#good; n < this.count; n += 1) socket.write(`${alertLine(this.name, n)}\n`);
    while (!socket.destroyed && !this.isFinishing) {
      for (const line of this.next()) socket.write(`${line}\n`);
      await delay(PAUSE_MS);
    }
  }

  down(stored: ReadonlySet<string>): void {
    this.#socket?.destroy();
    this.#socket = null;
    while (this.#good < this.count && stored.has(titleOf(this.name, this.#good))) this.#good += 1;
  }

  async finish(): Promise<void> {
    this.isFinishing = true;
    await this.#sending;
    const socket = this.#socket;
    if (socket === null) return;
    await new Promise<void>((resolve) => socket.end(() => resolve()));
  }
}

/** Pushes over HTTP and sends again whatever got no 200. */
class HttpSender extends NumberedSender implements Sender {
  readonly settings: SourceDraft['settings'] = { kind: 'http', host: '127.0.0.1', port: 0, tls: null };
  #open: string[] = [];
  #taken = 0;
  #target: { url: string; token: string } | null = null;
  readonly #sending: Promise<void>;

  constructor(draw: Draw) {
    super('http', draw);
    this.#sending = this.#send();
  }

  up(listensOn: string | null, token: string | null): void {
    this.#target = { url: `http://${listensOn}/v1/alerts`, token: token ?? '' };
  }

  down(): void {
    this.#target = null;
  }

  async #send(): Promise<void> {
    for (;;) {
      const target = this.#target;
      if (this.#open.length === 0) {
        if (this.isFinishing) return;
        if (target !== null) this.#open = this.next();
      }
      const isTaken = target !== null && (await this.#post(target));
      if (isTaken) {
        this.#taken = this.count;
        this.#open = [];
      }
      await delay(PAUSE_MS);
    }
  }

  async #post({ url, token }: { url: string; token: string }): Promise<boolean> {
    try {
      const body = `${this.#open.join('\n')}\n`;
      const answer = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body });
      await answer.text();
      return answer.status === 200;
    } catch {
      return false;
    }
  }

  async finish(): Promise<void> {
    this.isFinishing = true;
    await this.#sending;
  }

  override acknowledged(): string[] {
    return this.sent().slice(0, this.#taken);
  }
}

/**
 * One sender for each kind that can be asked to lose nothing. The followed log is rotated after one in `turnsEvery` of
 * its writes; `tell` is told what is done to it.
 */
export function makeSenders(
  draw: Draw,
  inbox: string,
  turnsEvery: number,
  tell: (what: string) => void = () => {},
): Sender[] {
  const log = new LogWriter(draw, inbox, turnsEvery, tell);
  return [log, new Dropper(draw, inbox), new TcpSender(draw), new HttpSender(draw)];
}
