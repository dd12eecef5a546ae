import type { Socket } from 'node:net';

/** The longest line that is taken: a call's input and room for how it is written. */
const LINE_CHARACTERS_MAX = 8 * 1024 * 1024;

/** JSON values over a local socket, one a line. A line that is no JSON, or too long, ends the connection. */
export interface LineChannel {
  send(value: unknown): void;
  onValue(listener: (value: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

export function lineChannel(socket: Socket): LineChannel {
  let rest = '';
  let listener: ((value: unknown) => void) | null = null;
  const early: unknown[] = [];
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => {
    rest += String(chunk);
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        socket.destroy();
        return;
      }
      if (listener === null) early.push(value);
      else listener(value);
    }
    if (rest.length > LINE_CHARACTERS_MAX) socket.destroy();
  });
  socket.on('error', () => socket.destroy());
  return {
    send(value) {
      if (!socket.destroyed) socket.write(`${JSON.stringify(value)}\n`);
    },
    onValue(next) {
      listener = next;
      for (const value of early.splice(0)) next(value);
    },
    onClose: (next) => void socket.on('close', next),
    close: () => socket.end(),
  };
}
