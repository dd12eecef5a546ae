import { EventEmitter } from 'node:events';
import { MessageChannelMain, type MessagePortMain } from './message-port-main.ts';

export type ToUtilityProcess =
  | { kind: 'data'; data: unknown; ports: readonly number[] }
  | { kind: 'port'; port: number; data: unknown };
export type FromUtilityProcess = { kind: 'data'; data: unknown } | { kind: 'port'; port: number; data: unknown };

/** The inside of the stand-in's utility process: gives the module a `process.parentPort`, then runs it. */
class ParentPort extends EventEmitter {
  postMessage(data: unknown): void {
    send({ kind: 'data', data });
  }
}

function send(message: FromUtilityProcess): void {
  if (process.connected) process.send?.(message);
}

const modulePath = process.env.STAND_IN_MODULE;
if (modulePath !== undefined) {
  const parent = new ParentPort();
  Object.defineProperty(process, 'parentPort', { value: parent });
  const outer = new Map<number, MessagePortMain>();
  const waiting: { data: unknown; ports: MessagePortMain[] }[] = [];

  const receive = (number: number): MessagePortMain => {
    const { port1, port2 } = new MessageChannelMain();
    outer.set(number, port1);
    port1.on('message', ({ data }: { data: unknown }) => send({ kind: 'port', port: number, data }));
    port1.start();
    return port2;
  };
  process.on('message', (message: ToUtilityProcess) => {
    if (message.kind === 'port') {
      outer.get(message.port)?.postMessage(message.data);
      return;
    }
    const event = { data: message.data, ports: message.ports.map(receive) };
    // What arrives before the module listens is kept, as Electron keeps it.
    if (parent.listenerCount('message') > 0) parent.emit('message', event);
    else waiting.push(event);
  });
  process.on('disconnect', () => process.exit(0));
  parent.on('newListener', (name) => {
    if (name !== 'message') return;
    queueMicrotask(() => {
      for (const event of waiting.splice(0)) parent.emit('message', event);
    });
  });
  await import(modulePath);
}
