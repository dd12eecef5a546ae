import type { ElasticRule } from '../products/elastic.ts';

type Threat = NonNullable<ElasticRule['threat']>[number];

function threat(
  tactic: string,
  tacticName: string,
  technique: string,
  techniqueName: string,
  sub?: readonly [string, string],
): readonly Threat[] {
  return [
    sub === undefined
      ? { tactic, tacticName, technique, techniqueName }
      : { tactic, tacticName, technique, techniqueName, sub },
  ];
}

function rule(
  id: string,
  name: string,
  severity: ElasticRule['severity'],
  threats?: readonly Threat[],
  tags?: readonly string[],
): ElasticRule {
  return {
    id,
    name,
    severity,
    ...(threats === undefined ? {} : { threat: threats }),
    ...(tags === undefined ? {} : { tags }),
  };
}

/** What administrators do with the tools of administrators. */
export const ADMIN_RULES: readonly ElasticRule[] = [
  rule(
    '0c41c2b4-0001-4c1e-9d51-6b1f4a5d0001',
    'PsExec Network Connection',
    'low',
    threat('TA0008', 'Lateral Movement', 'T1021', 'Remote Services', ['T1021.002', 'SMB/Windows Admin Shares']),
  ),
  rule(
    '0c41c2b4-0002-4c1e-9d51-6b1f4a5d0002',
    'Remote Scheduled Task Creation',
    'medium',
    threat('TA0003', 'Persistence', 'T1053', 'Scheduled Task/Job', ['T1053.005', 'Scheduled Task']),
  ),
  rule(
    '0c41c2b4-0003-4c1e-9d51-6b1f4a5d0003',
    'Service Control Spawned via Script Interpreter',
    'low',
    threat('TA0004', 'Privilege Escalation', 'T1543', 'Create or Modify System Process', [
      'T1543.003',
      'Windows Service',
    ]),
  ),
];

/** What ordinary work sets off, the most frequent first. */
export const DAILY_RULES: readonly ElasticRule[] = [
  rule(
    '5b1d9a10-1001-4f0f-8a01-2c5be0010001',
    'First Time Seen Removable Device',
    'low',
    threat('TA0001', 'Initial Access', 'T1091', 'Replication Through Removable Media'),
  ),
  rule(
    '5b1d9a10-1002-4f0f-8a01-2c5be0010002',
    'Unusual Network Activity from a Windows System Binary',
    'medium',
    threat('TA0005', 'Defense Evasion', 'T1036', 'Masquerading'),
  ),
  rule(
    '5b1d9a10-1003-4f0f-8a01-2c5be0010003',
    'Suspicious Script Object Execution',
    'medium',
    threat('TA0005', 'Defense Evasion', 'T1218', 'System Binary Proxy Execution'),
  ),
  rule(
    '5b1d9a10-1004-4f0f-8a01-2c5be0010004',
    'Windows Script Executing PowerShell',
    'low',
    threat('TA0002', 'Execution', 'T1059', 'Command and Scripting Interpreter', ['T1059.001', 'PowerShell']),
  ),
  rule(
    '5b1d9a10-1005-4f0f-8a01-2c5be0010005',
    'Rare Process Execution Path',
    'low',
    threat('TA0005', 'Defense Evasion', 'T1036', 'Masquerading'),
  ),
  rule(
    '5b1d9a10-1006-4f0f-8a01-2c5be0010006',
    'Potential Credential Access via Web Browser',
    'medium',
    threat('TA0006', 'Credential Access', 'T1555', 'Credentials from Password Stores', [
      'T1555.003',
      'Credentials from Web Browsers',
    ]),
  ),
  rule(
    '5b1d9a10-1007-4f0f-8a01-2c5be0010007',
    'Enumeration of Administrator Accounts',
    'low',
    threat('TA0007', 'Discovery', 'T1087', 'Account Discovery'),
  ),
  rule(
    '5b1d9a10-1008-4f0f-8a01-2c5be0010008',
    'Malware Prevention Alert',
    'high',
    threat('TA0002', 'Execution', 'T1204', 'User Execution'),
  ),
  rule(
    '5b1d9a10-1009-4f0f-8a01-2c5be0010009',
    'Startup Folder Persistence via Unsigned Process',
    'medium',
    threat('TA0003', 'Persistence', 'T1547', 'Boot or Logon Autostart Execution', [
      'T1547.001',
      'Registry Run Keys / Startup Folder',
    ]),
  ),
  rule(
    '5b1d9a10-1010-4f0f-8a01-2c5be0010010',
    'Potential DNS Tunneling via NsLookup',
    'medium',
    threat('TA0011', 'Command and Control', 'T1071', 'Application Layer Protocol', ['T1071.004', 'DNS']),
  ),
];

export const BUILDING_BLOCKS: readonly ElasticRule[] = [
  rule(
    '7e20ab31-2001-4b17-bb10-90f1c0020001',
    'System Information Discovery via Windows Command Shell',
    'low',
    threat('TA0007', 'Discovery', 'T1082', 'System Information Discovery'),
  ),
  rule(
    '7e20ab31-2002-4b17-bb10-90f1c0020002',
    'Whoami Process Activity',
    'low',
    threat('TA0007', 'Discovery', 'T1033', 'System Owner/User Discovery'),
  ),
];

/** The steps of the intrusion that the endpoint product sees. */
export const INTRUSION_RULES = {
  officeChild: rule(
    'a9c5e0f2-3001-4d6c-8f30-7a66d0030001',
    'Suspicious MS Office Child Process',
    'high',
    threat('TA0001', 'Initial Access', 'T1566', 'Phishing', ['T1566.001', 'Spearphishing Attachment']),
  ),
  mshta: rule(
    'a9c5e0f2-3002-4d6c-8f30-7a66d0030002',
    'Mshta Making Network Connections',
    'high',
    threat('TA0005', 'Defense Evasion', 'T1218', 'System Binary Proxy Execution', ['T1218.005', 'Mshta']),
  ),
  runKey: rule(
    'a9c5e0f2-3003-4d6c-8f30-7a66d0030003',
    'Persistence via Registry Run Key by an Unsigned Binary',
    'high',
    threat('TA0003', 'Persistence', 'T1547', 'Boot or Logon Autostart Execution', [
      'T1547.001',
      'Registry Run Keys / Startup Folder',
    ]),
  ),
  discovery: rule(
    'a9c5e0f2-3004-4d6c-8f30-7a66d0030004',
    'Active Directory Discovery Using AdFind',
    'medium',
    threat('TA0007', 'Discovery', 'T1482', 'Domain Trust Discovery'),
  ),
  lsass: rule(
    'a9c5e0f2-3005-4d6c-8f30-7a66d0030005',
    'LSASS Memory Dump Handle Access',
    'critical',
    threat('TA0006', 'Credential Access', 'T1003', 'OS Credential Dumping', ['T1003.001', 'LSASS Memory']),
  ),
  lateral: rule(
    'a9c5e0f2-3006-4d6c-8f30-7a66d0030006',
    'Remotely Started Services via RPC',
    'high',
    threat('TA0008', 'Lateral Movement', 'T1021', 'Remote Services', ['T1021.002', 'SMB/Windows Admin Shares']),
  ),
  archive: rule(
    'a9c5e0f2-3007-4d6c-8f30-7a66d0030007',
    'Encrypting Files with WinRar or 7z',
    'high',
    threat('TA0009', 'Collection', 'T1560', 'Archive Collected Data', ['T1560.001', 'Archive via Utility']),
  ),
  defender: rule(
    'a9c5e0f2-3008-4d6c-8f30-7a66d0030008',
    'Security Software Stopped via Service Control',
    'critical',
    threat('TA0005', 'Defense Evasion', 'T1562', 'Impair Defenses', ['T1562.001', 'Disable or Modify Tools']),
  ),
  ransomware: rule(
    'a9c5e0f2-3009-4d6c-8f30-7a66d0030009',
    'Ransomware Detection Alert: Canary File Modified',
    'critical',
    threat('TA0040', 'Impact', 'T1486', 'Data Encrypted for Impact'),
  ),
} as const;

/** The language model gateway's own detections, sent to the same place. */
export const ASSISTANT_RULES = {
  injection: rule(
    'c77d1e84-4001-4e3a-9a40-51c2f0040001',
    'LLM gateway: instructions found in retrieved document',
    'high',
    undefined,
    ['LLM gateway', 'AML.T0051', 'AML.T0051.001', 'LLM01:2025'],
  ),
  leak: rule(
    'c77d1e84-4002-4e3a-9a40-51c2f0040002',
    'LLM gateway: customer records in model output to outside recipient',
    'critical',
    threat('TA0010', 'Exfiltration', 'T1567', 'Exfiltration Over Web Service'),
    ['LLM gateway', 'AML.T0057', 'LLM02:2025'],
  ),
} as const;
