import type { QueueItem } from '../../shared/model/queue.ts';
import type { Disposition, Severity } from '../../shared/model/vocabulary.ts';
import type { SeededRandom } from './random.ts';

export interface Judgement {
  disposition: Disposition;
  reason: string;
}

type Verdicts = readonly (readonly [Judgement, number])[];

const btp = (reason: string): Judgement => ({ disposition: 'benign_true_positive', reason });
const fp = (reason: string): Judgement => ({ disposition: 'false_positive', reason });
const tp = (reason: string): Judgement => ({ disposition: 'true_positive', reason });
const dup = (reason: string): Judgement => ({ disposition: 'duplicate', reason });
const open = (reason: string): Judgement => ({ disposition: 'undetermined', reason });

/** What an alert of this kind mostly turns out to be, by a part of its title. The first that fits counts. */
const BY_TITLE: readonly (readonly [part: string, verdicts: Verdicts])[] = [
  [
    'Wazuh agent stopped',
    [
      [btp('Handheld went flat, back after charging'), 8],
      [btp('Restarted by warehouse IT'), 2],
    ],
  ],
  [
    'sudo to ROOT',
    [
      [btp('Planned work, ticket named in the shell history'), 7],
      [btp('Asked the administrator, confirmed'), 3],
    ],
  ],
  [
    'Path Traversal',
    [
      [btp('Probe, server answered 400, nothing read'), 9],
      [dup('Same sweep as the group before'), 1],
    ],
  ],
  [
    'Poor Reputation',
    [
      [btp('Sweep of our range, no session set up'), 9],
      [dup('Same sweep'), 1],
    ],
  ],
  [
    'Dshield',
    [
      [btp('Sweep of our range, no session set up'), 9],
      [dup('Same sweep'), 1],
    ],
  ],
  ['Zmap', [[btp('Internet census, one packet each'), 10]]],
  [
    'SSH Scan',
    [
      [btp('Internet scan, port answers with keys only'), 8],
      [btp('Own scanner, known window'), 2],
    ],
  ],
  ['NMAP', [[btp('Own vulnerability scanner in its window'), 10]]],
  ['MSSQL', [[btp('Own vulnerability scanner in its window'), 10]]],
  ['Hidden Environment', [[btp('404 for every path, file does not exist'), 10]]],
  [
    '400 error codes',
    [
      [btp('Crawler looking for a blog we do not have'), 9],
      [tp('Directory brute force, address blocked at the edge'), 1],
    ],
  ],
  [
    'SQL injection',
    [
      [btp('Blocked by input checks, parameter is an integer'), 8],
      [tp('Real attempt against tracking, blocked, no data returned'), 2],
    ],
  ],
  [
    'sshd: brute force',
    [
      [btp('Password logins are off, guesses only'), 9],
      [tp('Same address on three servers, blocked at the edge'), 1],
    ],
  ],
  ['Integrity checksum', [[btp('Release of the web shop, matches the build'), 10]]],
  [
    'command prompt started',
    [
      [fp('Printer driver installer, signed'), 9],
      [btp('Packaging team tests'), 1],
    ],
  ],
  ['taskschd', [[fp('TariffSync registers its daily task'), 10]]],
  [
    'Removable',
    [
      [btp('Own stick, encrypted and registered'), 8],
      [tp('Unregistered stick, user told, nothing copied'), 1],
      [btp('Phone charging'), 1],
    ],
  ],
  [
    'Logon failure',
    [
      [btp('Holiday, forgot the new password'), 8],
      [btp('Old password cached on a phone'), 2],
    ],
  ],
  [
    'locked out',
    [
      [btp('Called the user, mistyped after holidays'), 8],
      [btp('Phone with an old password'), 2],
    ],
  ],
  [
    'reported as phishing',
    [
      [tp('Phishing, link dead, mail removed from 14 mailboxes'), 3],
      [fp('Real invoice of a carrier'), 3],
      [btp('Advertising'), 4],
    ],
  ],
  [
    'Sender looks like',
    [
      [tp('Impersonation, domain blocked'), 5],
      [fp('Carrier with a similar name'), 5],
    ],
  ],
  ['Executable for', [[btp('Vendor updater'), 1]]],
  [
    'DLL Windows File Download',
    [
      [btp('Driver download from the vendor'), 7],
      [tp('Unwanted program, removed'), 2],
      [fp('Archive, no executable in it'), 1],
    ],
  ],
  [
    'Cleartext Login',
    [
      [tp('Old supplier portal without TLS, supplier told'), 3],
      [btp('Label printer page inside the office'), 7],
    ],
  ],
  [
    'Torrent',
    [
      [tp('Policy breach, software removed'), 4],
      [btp('Linux image for the lab'), 6],
    ],
  ],
  [
    'Remote Administration',
    [
      [btp('Support session of the ERP vendor, ticket matches'), 8],
      [tp('Unapproved tool, removed'), 2],
    ],
  ],
  [
    'Malware Prevention',
    [
      [tp('Blocked before it ran, mail removed elsewhere'), 4],
      [fp('Macro of the customs form, signed by us'), 6],
    ],
  ],
  [
    'base64',
    [
      [btp('Login script of workplace services'), 8],
      [fp('Inventory agent'), 2],
    ],
  ],
  [
    'dropped in folder',
    [
      [fp('Updater of Parcelmaps, signed'), 9],
      [btp('Packaging team tests'), 1],
    ],
  ],
  ['Administrators Group', [[btp('Change ticket found and approved'), 10]]],
  [
    'MFA',
    [
      [tp('User without MFA, fixed the same day'), 6],
      [btp('Break-glass account, sealed'), 4],
    ],
  ],
  [
    'S3 bucket',
    [
      [tp('Bucket was open, closed by its owner'), 4],
      [btp('Public assets of the web shop, meant so'), 6],
    ],
  ],
  [
    'Security group',
    [
      [tp('Rule removed by its owner'), 5],
      [btp('Bastion, allow list in front'), 5],
    ],
  ],
  [
    'snapshot shared',
    [
      [btp('Shared with our own backup account'), 9],
      [open('Owner left, target account could not be identified'), 1],
    ],
  ],
  [
    'Console login',
    [
      [btp('Business trip, confirmed by telephone'), 8],
      [tp('Password guessed, session ended, password reset'), 1],
      [btp('Mobile provider routes abroad'), 1],
    ],
  ],
  ['PsExec', [[btp('Administrator from the jump host, ticket matches'), 10]]],
  ['Remote Scheduled Task', [[btp('Group policy refresh by an administrator'), 10]]],
  ['queue is full', [[btp('Label printer storm in warehouse 3, agents recovered'), 10]]],
];

const OTHERWISE: Verdicts = [
  [fp('Known software, nothing beside it on the host'), 5],
  [btp('Expected behaviour, asked the owner'), 4],
  [open('Log no longer there, nothing else on the host'), 0.4],
  [tp('Unwanted but harmless, cleaned up'), 0.5],
];

/** What somebody finds when they look at an item for its usual time. */
export function judge(item: Pick<QueueItem, 'title'>, random: SeededRandom): Judgement {
  const found = BY_TITLE.find(([part]) => item.title.includes(part));
  return random.weighted(found?.[1] ?? OTHERWISE);
}

const MINUTES: Readonly<Record<Severity, number>> = {
  critical: 42,
  high: 24,
  medium: 11,
  low: 6,
  informational: 3.5,
  unknown: 10,
};

/** How long one item takes: most less than the usual, a few much longer, as handling times are. */
export function minutesFor(severity: Severity, random: SeededRandom): number {
  const spread = Math.exp(0.45 * (random.next() + random.next() + random.next() + random.next() - 2));
  return MINUTES[severity] * spread;
}

/** What somebody asks the next tier about an item of any product, and what comes back. */
const ASKED: readonly { question: string; answers: readonly string[] }[] = [
  {
    question: 'I have not seen this before. Is it part of the October release?',
    answers: [
      'Yes, it came with the October release. Close it with that reason; I add it to the known list.',
      'Not of that one, but of the hotfix after it. It is expected.',
    ],
  },
  {
    question: 'The owner knows nothing of it. Can you look closer?',
    answers: [
      'A scheduled task of ours, set up by somebody else in the same team. Nothing else happened around it.',
      'It comes from the inventory agent. Nothing was read and nothing left.',
    ],
  },
  {
    question: 'Same as last week, and we closed it as benign then. Do we still think so?',
    answers: ['Still benign. I wrote to them, so that it does not come again.', 'Yes. A rule for it is being written.'],
  },
  {
    question: 'The owner does not answer. May it wait until the morning?',
    answers: [
      'It may: it ended on its own and nothing was written. I keep an eye on it tomorrow.',
      'It may. I reached their deputy, who expected it.',
    ],
  },
  {
    question: 'Who is responsible for this since the migration?',
    answers: ['The migration team, until Friday. Confirmed with their lead.', 'Workplace services. They know of it.'],
  },
];
const OTHER_ANSWERS = ['Looked at it with the owner: expected.', 'Nothing else happened around it.'];
const NOTES = [
  'Called the user, waiting for a call back.',
  'Compared with last week: same host, same time of day.',
  'Asked workplace services for the list of packages.',
  'Hash is known to nobody else on our network.',
];

export const pickQuestion = (random: SeededRandom) => random.pick(ASKED).question;
export const answerTo = (question: string, random: SeededRandom) =>
  random.pick(ASKED.find((asked) => asked.question === question)?.answers ?? OTHER_ANSWERS);
export const pickNote = (random: SeededRandom) => random.pick(NOTES);
