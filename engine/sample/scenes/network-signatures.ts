import type { Signature } from '../products/suricata.ts';

/** A signature in one line: number, name, class, Suricata's priority and Emerging Threats' word. */
function signature(
  sid: number,
  name: string,
  category: string,
  priority: Signature['priority'],
  word: NonNullable<Signature['word']>,
  more: Pick<Signature, 'attack' | 'cve'> = {},
): Signature {
  return { sid, rev: (sid % 7) + 1, name, category, priority, word, ...more };
}

const LEAK = 'Attempted Information Leak';
const WEB = 'Web Application Attack';
const ODD = 'Potentially Bad Traffic';
const MISC = 'Misc activity';
const POLICY = 'Potential Corporate Privacy Violation';
const SCANNING: Pick<Signature, 'attack'> = {
  attack: {
    tactic: 'TA0007',
    tacticName: 'Discovery',
    technique: 'T1046',
    techniqueName: 'Network_Service_Discovery',
  },
};
const ACTIVE_SCANNING: Pick<Signature, 'attack'> = {
  attack: { tactic: 'TA0043', tacticName: 'Reconnaissance', technique: 'T1595', techniqueName: 'Active_Scanning' },
};

export const SCANNER_SIGNATURES: readonly Signature[] = [
  signature(2024364, 'ET SCAN Possible Nmap User-Agent Observed', WEB, 1, 'Informational', SCANNING),
  signature(2009582, 'ET SCAN NMAP -sS window 1024', LEAK, 2, 'Informational', SCANNING),
  signature(2010935, 'ET SCAN Suspicious inbound to MSSQL port 1433', ODD, 2, 'Informational', SCANNING),
  signature(2010937, 'ET SCAN Suspicious inbound to mySQL port 3306', ODD, 2, 'Informational', SCANNING),
  signature(2001219, 'ET SCAN Potential SSH Scan', LEAK, 2, 'Minor', SCANNING),
  signature(2009358, 'ET SCAN Nmap Scripting Engine User-Agent Detected', WEB, 1, 'Minor', SCANNING),
  signature(2019401, 'ET SCAN Nessus FTP Scan detected', LEAK, 2, 'Minor', SCANNING),
  signature(2022913, 'ET WEB_SERVER WEB-PHP phpinfo access', WEB, 2, 'Minor'),
];
export const SCANNER_VISIBLE_ON_JEWELS: readonly Signature[] = SCANNER_SIGNATURES.slice(1, 3);

export const INFO_SIGNATURES: readonly Signature[] = [
  signature(2033078, 'ET INFO Session Traversal Utilities for NAT (STUN Binding Request)', MISC, 3, 'Informational'),
  signature(2036303, 'ET INFO Observed Cloud Storage Domain in TLS SNI', MISC, 3, 'Informational'),
  signature(2025275, 'ET INFO Windows OS Submitting USB Metadata', 'Misc activity', 3, 'Informational'),
  signature(2016149, 'ET INFO Session Traversal Utilities for NAT (STUN Response)', MISC, 3, 'Informational'),
  signature(2027390, 'ET INFO Observed DNS Query to Uncommon TLD', ODD, 3, 'Informational'),
  signature(2230010, 'SURICATA TLS invalid record/traffic', 'Generic Protocol Command Decode', 3, 'Informational'),
  signature(
    2210044,
    'SURICATA STREAM Packet with invalid timestamp',
    'Generic Protocol Command Decode',
    3,
    'Informational',
  ),
  signature(2012647, 'ET POLICY Cloud File Sharing Client in Use', POLICY, 1, 'Informational'),
];

export const PROBE_SIGNATURES: readonly Signature[] = [
  signature(
    2403300,
    'ET CINS Active Threat Intelligence Poor Reputation IP group 1',
    'Misc Attack',
    2,
    'Minor',
    ACTIVE_SCANNING,
  ),
  signature(2402000, 'ET DROP Dshield Block Listed Source group 1', 'Misc Attack', 2, 'Minor', ACTIVE_SCANNING),
  signature(2029054, 'ET SCAN Zmap User-Agent (Inbound)', LEAK, 2, 'Minor', ACTIVE_SCANNING),
  signature(2001219, 'ET SCAN Potential SSH Scan', LEAK, 2, 'Minor', ACTIVE_SCANNING),
  signature(2031502, 'ET INFO Request to Hidden Environment File - Inbound', ODD, 2, 'Minor', ACTIVE_SCANNING),
  signature(2034647, 'ET WEB_SERVER Possible Path Traversal in HTTP Request', WEB, 1, 'Minor'),
];

export const WORTH_A_LOOK_SIGNATURES: readonly Signature[] = [
  signature(2027865, 'ET INFO Observed DNS Query to Dynamic DNS Domain', ODD, 2, 'Minor'),
  signature(2013028, 'ET POLICY curl User-Agent Outbound', 'Attempted Information Leak', 2, 'Informational'),
  signature(2014726, 'ET POLICY Outdated Browser Plugin Version Check', POLICY, 1, 'Informational'),
  signature(2019714, 'ET HUNTING Terse Request for Executable', ODD, 2, 'Minor'),
  signature(2027700, 'ET HUNTING Large Outbound POST to Rare Host', ODD, 2, 'Minor'),
  signature(2024897, 'ET INFO Remote Administration Tool Check-in', MISC, 2, 'Minor'),
  signature(2035463, 'ET INFO Self-Signed Certificate on Non-Standard Port', ODD, 2, 'Minor'),
  signature(2012843, 'ET POLICY Cleartext Login over HTTP', POLICY, 1, 'Minor'),
  signature(2026486, 'ET INFO Torrent Client Handshake', POLICY, 1, 'Minor'),
  signature(2018959, 'ET POLICY PE EXE or DLL Windows File Download HTTP', POLICY, 1, 'Major'),
];
