import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';

/** Electron's MessagePortMain over a port of worker_threads: `message` events carry `{data, ports}`. */
export class MessagePortMain extends EventEmitter {
  readonly raw: MessagePort;

  constructor(raw: MessagePort) {
    super();
    this.raw = raw;
    raw.on('message', (data: unknown) => this.emit('message', { data, ports: [] }));
    raw.on('close', () => this.emit('close'));
    // A port holds its messages until `start`, as Electron's does.
    raw.pause?.();
    raw.unref();
  }

  start(): void {
    this.raw.start();
  }

  postMessage(data: unknown): void {
    this.raw.postMessage(data);
  }

  close(): void {
    this.raw.close();
  }
}

export class MessageChannelMain {
  readonly port1: MessagePortMain;
  readonly port2: MessagePortMain;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new MessagePortMain(port1);
    this.port2 = new MessagePortMain(port2);
  }
}
