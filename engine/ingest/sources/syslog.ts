import type { StartSource } from './live-source.ts';
import { listenTcp } from './syslog-tcp.ts';
import { listenUdp } from './syslog-udp.ts';

/** Syslog as its senders speak it: RFC 5426 over UDP, RFC 6587 over TCP, RFC 5425 over TLS. */
export const startSyslog: StartSource<'syslog'> = (context) =>
  context.source.settings.transport === 'udp' ? listenUdp(context) : listenTcp(context);
