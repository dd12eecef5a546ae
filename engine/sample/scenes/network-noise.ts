import type { JsonObject } from '../../../shared/model/json.ts';
import { drawBursts, drawTimes, INTERNET, OFFICE, SCAN_NIGHTS } from '../calendar.ts';
import { eveAlert, eveEvent } from '../products/suricata.ts';
import { type SampleRecord, suricataRecord } from '../record.ts';
import { outsideAddress, outsideRegulars, type World } from '../world.ts';
import {
  INFO_SIGNATURES,
  PROBE_SIGNATURES,
  SCANNER_SIGNATURES,
  SCANNER_VISIBLE_ON_JEWELS,
  WORTH_A_LOOK_SIGNATURES,
} from './network-signatures.ts';

/** The company's own vulnerability scanner, three nights a week, against the server networks. */
export function scannerNights({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('scanner');
  const scanner = company.server('hl-scan01');
  const targets = company.servers.filter((server) => server !== scanner);
  const ordinary = targets.filter((server) => server.criticality !== 'crown_jewel');
  const jewels = targets.filter((server) => server.criticality === 'crown_jewel');
  return drawTimes(own, fortnight, 1900, SCAN_NIGHTS).map((atMs) => {
    const onJewel = own.chance(0.07);
    const signature = own.pick(onJewel ? SCANNER_VISIBLE_ON_JEWELS : SCANNER_SIGNATURES);
    const target = own.pick(onJewel ? jewels : ordinary);
    return suricataRecord(
      atMs,
      eveAlert(own, atMs, signature, {
        src: scanner.ip,
        srcPort: own.int(32_000, 60_000),
        dst: target.ip,
        dstPort: own.pick([22, 80, 443, 445, 1433, 3306, 3389, 8080, 8443]),
      }),
    );
  });
}

/** What signatures of the "info" kind say of ordinary desks all day. */
export function officeTraffic({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('office-traffic');
  const weighted = INFO_SIGNATURES.map((signature, index) => [signature, 1 / (1 + index * 0.35)] as const);
  return drawTimes(own, fortnight, 2500, OFFICE).map((atMs) => {
    const host = own.pick(company.workstations);
    const signature = own.weighted(weighted);
    return suricataRecord(atMs, eveAlert(own, atMs, signature, outbound(own, host.ip, outsideAddress(own))));
  });
}

function outbound(own: World['random'], src: string, dst: string) {
  const name = `cdn${own.int(1, 60)}.${own.pick(['parcelmaps', 'officetools', 'meetly', 'adsync'])}.example`;
  return {
    src,
    srcPort: own.int(49_152, 65_000),
    dst,
    dstPort: 443,
    app: { tls: { sni: name, version: 'TLS 1.3', ja4: `t13d1516h2_${own.hex(12)}_${own.hex(12)}` } },
    appProto: 'tls',
  };
}

/** The internet knocking at the addresses that face it, dropped in line before it reaches a server. */
export function knocking({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('knocking');
  const facing = company.servers.filter((server) => server.internetFacing);
  const regulars = outsideRegulars(own, 40);
  const weighted = PROBE_SIGNATURES.slice(0, -1).map((signature, index) => [signature, 1 / (1 + index * 0.4)] as const);
  return drawTimes(own, fortnight, 1400, INTERNET).map((atMs) => {
    const src = own.chance(0.7) ? own.pick(regulars) : outsideAddress(own);
    return suricataRecord(
      atMs,
      eveAlert(own, atMs, own.weighted(weighted), knock(own, src, own.pick(facing).ip), 'blocked'),
    );
  });
}

function knock(own: World['random'], src: string, dst: string) {
  return { src, srcPort: own.int(1025, 65_000), dst, dstPort: own.pick([22, 443, 80, 25, 8443]) };
}

/** Sweeps that the sensor let through: one source, one target and one signature each. */
export function sweeps({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('sweeps');
  const facing = company.servers.filter((server) => server.internetFacing);
  const habits = Array.from(
    { length: 75 },
    () => [outsideAddress(own), own.pick(facing), own.pick(PROBE_SIGNATURES)] as const,
  );
  return drawBursts(own, fortnight, 1000, habits.length, INTERNET).flatMap(({ atMs, burst }) => {
    const [src, target, signature] = habits[burst] ?? own.pick(habits);
    return suricataRecord(atMs, eveAlert(own, atMs, signature, knock(own, src, target.ip)));
  });
}

/** Signatures that a person has to look at, and that mostly have a dull reason. A few desks do it again and again. */
export function worthALook({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('worth-a-look');
  const talkers = Array.from({ length: 16 }, () => own.pick(company.workstations));
  const habits = Array.from({ length: 125 }, () => {
    const talker = own.int(0, talkers.length - 1);
    // Each has one habit, so that its alerts fold into few groups.
    const signature = WORTH_A_LOOK_SIGNATURES[talker % WORTH_A_LOOK_SIGNATURES.length];
    return [talkers[talker] ?? own.pick(company.workstations), signature ?? own.pick(WORTH_A_LOOK_SIGNATURES)] as const;
  });
  const repeated = drawBursts(own, fortnight, 820, habits.length, OFFICE).map(({ atMs, burst }) => {
    const [host, signature] = habits[burst] ?? own.pick(habits);
    return suricataRecord(atMs, eveAlert(own, atMs, signature, outbound(own, host.ip, outsideAddress(own))));
  });
  const single = drawTimes(own, fortnight, 70, OFFICE).map((atMs) => {
    const host = own.pick(company.workstations);
    const signature = own.pick(WORTH_A_LOOK_SIGNATURES);
    return suricataRecord(atMs, eveAlert(own, atMs, signature, outbound(own, host.ip, outsideAddress(own))));
  });
  return [...repeated, ...single];
}

/** Flows, names and certificates: the same log says much that is no alert. */
export function passingTraffic({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('passing');
  return drawTimes(own, fortnight, 900, OFFICE).map((atMs) => {
    const type = own.pick(['flow', 'dns', 'http', 'tls'] as const);
    const host = own.pick(company.workstations);
    const name = `www.${own.pick(['portbooking', 'tariffs', 'weatherline', 'newsfeed'])}.example`;
    const app: JsonObject =
      type === 'dns'
        ? { dns: { version: 2, type: 'query', id: own.int(1, 65_000), rrname: name, rrtype: 'A' } }
        : type === 'http'
          ? { http: { hostname: name, url: '/', http_method: 'GET', protocol: 'HTTP/1.1', status: 301, length: 0 } }
          : { tls: { sni: name, version: 'TLS 1.3' } };
    return suricataRecord(
      atMs,
      eveEvent(own, atMs, type, {
        src: host.ip,
        srcPort: own.int(49_152, 65_000),
        dst: outsideAddress(own),
        dstPort: type === 'dns' ? 53 : 443,
        proto: type === 'dns' ? 'UDP' : 'TCP',
        app,
      }),
    );
  });
}
