import {
  ALWAYS,
  BACKUP_NIGHTS,
  drawBursts,
  drawTimes,
  INTERNET,
  OFFICE,
  PATCH_EVENING,
  WAREHOUSE,
} from '../calendar.ts';
import { COMPANY, type Company, type Employee } from '../company.ts';
import { agentAlert, syscheckAlert, syslogAlert, windowsAlert } from '../products/wazuh.ts';
import type { SeededRandom } from '../random.ts';
import { type SampleRecord, wazuhRecord } from '../record.ts';
import { outsideRegulars, type World } from '../world.ts';
import { ENDPOINT_RULES as RULES } from './endpoint-rules.ts';

const HOUR_MS = 3_600_000;

/** One label printer's service that cannot start and says so every quarter of an hour. */
export function brokenAgent({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('broken-agent');
  const host = company.server('hl-prn01');
  return drawTimes(own, fortnight, 1150, ALWAYS).map((atMs) =>
    wazuhRecord(
      atMs,
      windowsAlert(own, atMs, host, RULES.serviceFailed, {
        channel: 'System',
        id: '7000',
        data: { param1: 'Print label spooler', param2: '%%2', imagePath: 'C:\\Program Files\\LabelSpool\\spool.exe' },
        says: 'The Print label spooler service failed to start: The system cannot find the file specified.',
      }),
    ),
  );
}

export function backupNights({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('backup');
  const host = company.server('hl-bkp01');
  return drawTimes(own, fortnight, 620, BACKUP_NIGHTS).map((atMs) =>
    wazuhRecord(
      atMs,
      windowsAlert(own, atMs, host, RULES.specialLogon, {
        channel: 'Security',
        id: '4672',
        data: {
          subjectUserName: 'svc-backup',
          subjectDomainName: COMPANY.windowsDomain,
          privilegeList: 'SeBackupPrivilege SeRestorePrivilege',
        },
        says: 'Special privileges assigned to new logon.',
      }),
    ),
  );
}

/** Automation becoming root everywhere, and people who do it now and then. */
export function sudoWork({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('sudo');
  const linux = company.servers.filter((server) => server.os === 'linux' && !server.internetFacing);
  const people = ['kofi.mensah', 'magdalena.sikora', 'ruben.hoekstra', 'deploy'];
  return drawTimes(own, fortnight, 680, ALWAYS).map((atMs) => {
    const isAutomation = own.chance(0.84);
    const user = isAutomation ? 'ansible' : own.pick(people);
    const host = isAutomation ? own.pick(linux) : own.pick(linux.slice(0, 4));
    const command = isAutomation
      ? '/usr/bin/python3 /tmp/ansible-run.py'
      : own.pick(['/usr/bin/journalctl', '/bin/bash']);
    return wazuhRecord(
      atMs,
      syslogAlert(own, atMs, host, RULES.sudoToRoot, {
        program: 'sudo',
        text: `${user} : PWD=/home/${user} ; USER=root ; COMMAND=${command}`,
        data: { srcuser: user, dstuser: 'root', tty: 'pts/0', pwd: `/home/${user}`, command },
      }),
    );
  });
}

/** The monitoring server tries a user that was deleted in spring. */
export function monitoringProbe({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('monitoring');
  const monitor = company.server('hl-mon01');
  const targets = ['hl-wms01', 'hl-wms02', 'hl-crm01', 'hl-k8s-01', 'hl-k8s-02'].map((name) => company.server(name));
  return drawTimes(own, fortnight, 560, ALWAYS).map((atMs) => {
    const host = own.pick(targets);
    return wazuhRecord(atMs, sshFailure(own, atMs, company, host.name, monitor.ip, 'nagios-old'));
  });
}

function sshFailure(own: SeededRandom, atMs: number, company: Company, host: string, from: string, user: string) {
  const port = own.int(30_000, 62_000);
  return syslogAlert(own, atMs, company.server(host), RULES.sshUnknownUser, {
    program: 'sshd',
    text: `Invalid user ${user} from ${from} port ${port}`,
    data: { srcip: from, srcport: String(port), srcuser: user },
  });
}

/** People who mistype their password; now and then somebody locks themselves out. */
export function mistypedPasswords({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('passwords');
  const atDesks = company.employees.slice(0, company.workstations.length);
  return drawTimes(own, fortnight, 720, OFFICE).map((atMs) => {
    const person = own.pick(atDesks);
    const isLocked = own.chance(0.05);
    return wazuhRecord(atMs, logonFailure(own, atMs, person, isLocked));
  });
}

function logonFailure(own: SeededRandom, atMs: number, person: Employee, isLocked: boolean) {
  return windowsAlert(own, atMs, person.host, isLocked ? RULES.accountLocked : RULES.logonFailed, {
    channel: 'Security',
    id: isLocked ? '4740' : '4625',
    data: {
      targetUserName: person.account,
      targetDomainName: COMPANY.windowsDomain,
      logonType: '2',
      status: '0xc000006d',
      subStatus: '0xc000006a',
      workstationName: person.host.name,
    },
    says: isLocked ? 'A user account was locked out.' : 'An account failed to log on.',
  });
}

/** Updates by the deployment agent, one evening a week. */
export function patchEvenings({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('patches');
  return drawTimes(own, fortnight, 560, PATCH_EVENING).map((atMs) => {
    const host = own.pick(company.workstations);
    return wazuhRecord(
      atMs,
      windowsAlert(own, atMs, host, own.chance(0.7) ? RULES.installed : RULES.newService, {
        channel: 'System',
        id: '7040',
        data: {
          param1: 'Update Orchestrator Service',
          parentImage: 'C:\\Windows\\CCM\\CcmExec.exe',
          user: 'NT AUTHORITY\\SYSTEM',
        },
        says: 'The start type of the Update Orchestrator Service was changed from demand start to auto start.',
      }),
    );
  });
}

/** Handhelds that run out of battery, and one hour in which a whole warehouse floods its agents. */
export function warehouseAgents({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('warehouse');
  const stops = drawTimes(own, fortnight, 120, WAREHOUSE).map((atMs) => {
    const host = own.pick(company.handhelds);
    return wazuhRecord(atMs, agentAlert(own, atMs, host, RULES.agentStopped, 'Agent stopped'));
  });
  const floodAtMs = fortnight.startsAtMs + 9 * 24 * HOUR_MS + 7 * HOUR_MS;
  const flooded = company.handhelds.filter((host) => host.site === 'Warehouse 3');
  const flood = flooded.flatMap((host) =>
    Array.from({ length: 18 }, () => {
      const atMs = floodAtMs + own.int(0, HOUR_MS);
      return wazuhRecord(atMs, agentAlert(own, atMs, host, RULES.agentFull, 'Agent event queue is full'));
    }),
  );
  return [...stops, ...flood];
}

/** Releases of the web shop change files, and the internet tries its pages. */
export function webServers({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('web');
  const hosts = [company.server('hl-web01'), company.server('hl-web02')];
  const regulars = outsideRegulars(own, 25);
  const releases = drawTimes(own, fortnight, 190, OFFICE).map((atMs) =>
    wazuhRecord(
      atMs,
      syscheckAlert(own, atMs, own.pick(hosts), RULES.fileChanged, {
        path: `/srv/shop/releases/${own.int(410, 431)}/assets/${own.pick(['app', 'vendor', 'cart'])}.${own.hex(8)}.js`,
        event: 'modified',
        owner: 'deploy',
      }),
    ),
  );
  const crawls = Array.from({ length: 90 }, () => [own.pick(regulars), own.pick(hosts), own.chance(0.35)] as const);
  const attempts = drawBursts(own, fortnight, 1450, crawls.length, INTERNET).map(({ atMs, burst }) => {
    const [from, host, isInjection] = crawls[burst] ?? own.pick(crawls);
    const path = isInjection ? `/track?id=${own.int(1, 999)}%27%20OR%201=1--` : `/wp-login.php?r=${own.hex(6)}`;
    return wazuhRecord(
      atMs,
      syslogAlert(own, atMs, host, isInjection ? RULES.sqlInjection : RULES.webErrors, {
        program: 'nginx',
        decoder: 'web-accesslog',
        location: '/var/log/nginx/access.log',
        text: `${from} - - "GET ${path} HTTP/1.1" 404 162 "-" "Mozilla/5.0 zgrab/0.x"`,
        data: { protocol: 'GET', srcip: from, id: '404', url: path },
      }),
    );
  });
  const guesses = drawBursts(own, fortnight, 420, 32, INTERNET).map(({ atMs, burst }) => {
    const from = regulars[burst % regulars.length] ?? own.pick(regulars);
    return wazuhRecord(
      atMs,
      syslogAlert(own, atMs, company.server('hl-vpn01'), RULES.sshBruteForce, {
        program: 'sshd',
        text: `Disconnected from invalid user admin ${from} port ${own.int(2000, 60_000)} [preauth]`,
        data: { srcip: from, srcuser: 'admin' },
      }),
    );
  });
  return [...releases, ...attempts, ...guesses];
}
