/** Alerts for the browser tests, in the true shape of Suricata's EVE JSON. All names and addresses are made up. */
interface Signature {
  id: number;
  title: string;
  severity: 1 | 2 | 3;
  sourceIp?: string;
  host?: string;
  minutesAgo?: number;
}

export function eveAlert({ id, title, severity, sourceIp, host, minutesAgo = 10 }: Signature, nowMs: number): string {
  return JSON.stringify({
    timestamp: new Date(nowMs - minutesAgo * 60_000).toISOString().replace('Z', '+0000'),
    flow_id: 1_000_000 + id,
    event_type: 'alert',
    src_ip: sourceIp ?? `203.0.113.${(id % 250) + 1}`,
    src_port: 40_000 + (id % 20_000),
    dest_ip: host ?? `10.20.${Math.floor(id / 250) % 250}.${(id % 250) + 1}`,
    dest_port: 443,
    proto: 'TCP',
    alert: {
      action: 'allowed',
      gid: 1,
      signature_id: 2_900_000 + id,
      rev: 1,
      signature: title,
      category: 'Attempted Information Leak',
      severity,
    },
    payload_printable: '<script>globalThis.pwned = 1</script>\u202E reversed',
  });
}

export const LONG_TITLE = `A title of four hundred characters ${'that goes on '.repeat(40)}`.slice(0, 400);

/** Titles that try everything that text can try on a screen. */
export const HOSTILE_TITLES: readonly string[] = [
  '<script>globalThis.pwned = 1</script><img src=x onerror="globalThis.pwned = 2">',
  '"><svg onload=globalThis.pwned=3><a href="javascript:globalThis.pwned=4">click</a>',
  'Invoice\u202Egpj.exe opened \u200Bby a\u2066b\u0007c',
  'Reached http://login.evil.example/reset and https://x.example/a',
  'تسجيل دخول مشبوه من عنوان غير معروف',
  LONG_TITLE,
  `MEGABYTE ${'of words '.repeat(111_000)}`,
];

/** A believable handful, then `more` ordinary ones. */
export function someAlerts(nowMs: number, more: number): string[] {
  const first: Signature[] = [
    { id: 1, title: 'ET EXPLOIT Appliance login bypass attempt', severity: 1, minutesAgo: 4 },
    { id: 2, title: 'ET MALWARE Beacon to known command server', severity: 1, minutesAgo: 9 },
    { id: 3, title: 'ET POLICY Cleartext credentials in HTTP', severity: 2, minutesAgo: 20 },
    ...HOSTILE_TITLES.map((title, at): Signature => ({ id: 10 + at, title, severity: 2, minutesAgo: 30 + at })),
  ];
  const rest = Array.from(
    { length: more },
    (_, at): Signature => ({
      id: 100 + at,
      title: `ET INFO Ordinary finding number ${at + 1}`,
      severity: 3,
      minutesAgo: 60 + at,
    }),
  );
  return [...first, ...rest].map((alert) => eveAlert(alert, nowMs));
}
