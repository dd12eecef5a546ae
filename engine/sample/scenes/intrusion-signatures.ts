import type { Signature } from '../products/suricata.ts';

export const BEACON: Signature = {
  sid: 2048411,
  rev: 3,
  name: 'ET MALWARE Observed Loader CnC Domain in TLS SNI (cdn-tariffs .test)',
  category: 'Malware Command and Control Activity Detected',
  priority: 1,
  word: 'Major',
  attack: {
    tactic: 'TA0011',
    tacticName: 'Command_And_Control',
    technique: 'T1071_001',
    techniqueName: 'Web_Protocols',
  },
};

export const SMB_EXECUTABLE: Signature = {
  sid: 2027190,
  rev: 4,
  name: 'ET RPC Executable Written to ADMIN$ Share over SMB2',
  category: 'Potentially Bad Traffic',
  priority: 2,
  word: 'Major',
  attack: {
    tactic: 'TA0008',
    tacticName: 'Lateral_Movement',
    technique: 'T1021_002',
    techniqueName: 'SMB_Windows_Admin_Shares',
  },
};

export const EXFILTRATION: Signature = {
  sid: 9000121,
  rev: 1,
  name: 'HALDEN Large TLS upload from file server to unlisted host',
  category: 'Potential Corporate Privacy Violation',
  priority: 1,
  word: 'Critical',
  attack: {
    tactic: 'TA0010',
    tacticName: 'Exfiltration',
    technique: 'T1041',
    techniqueName: 'Exfiltration_Over_C2_Channel',
  },
};
