import type { OpenChannel } from './connection.ts';
import { openPortChannel } from './port-channel.ts';
import { openSocketChannel } from './socket-channel.ts';

/** What the desktop's preload puts into the page. */
interface DesktopBridge {
  kind: 'desktop';
  requestEnginePort(): void;
}

declare global {
  interface Window {
    evenwatchHost?: DesktopBridge;
  }
}

export type HostKind = 'desktop' | 'browser';

/** The one place that knows which host this page runs in. Everything else asks for what it needs. */
export function pickHost(): { hostKind: HostKind; open: OpenChannel } {
  const bridge = window.evenwatchHost;
  return bridge === undefined
    ? { hostKind: 'browser', open: openSocketChannel }
    : { hostKind: 'desktop', open: openPortChannel(() => bridge.requestEnginePort()) };
}
