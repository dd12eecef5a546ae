import { EventEmitter } from 'node:events';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { MessagePortMain } from './message-port-main.ts';

/** The inside of the stand-in's utility process: gives the module a `process.parentPort`, then runs it. */
class ParentPort extends EventEmitter {
  postMessage(data: unknown): void {
    parentPort?.postMessage(data);
  }
}

const port = new ParentPort();
Object.defineProperty(process, 'parentPort', { value: port });
const waiting: { data: unknown; ports: MessagePortMain[] }[] = [];
parentPort?.on('message', ({ data, ports }: { data: unknown; ports: MessagePort[] }) => {
  const event = { data, ports: ports.map((raw) => new MessagePortMain(raw)) };
  // What arrives before the module listens is kept, as Electron keeps it.
  if (port.listenerCount('message') > 0) port.emit('message', event);
  else waiting.push(event);
});
port.on('newListener', (name) => {
  if (name !== 'message') return;
  queueMicrotask(() => {
    for (const event of waiting.splice(0)) port.emit('message', event);
  });
});

await import(workerData.modulePath);
