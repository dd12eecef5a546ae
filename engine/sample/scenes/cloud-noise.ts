import { ALWAYS, drawTimes, OFFICE } from '../calendar.ts';
import { COMPANY } from '../company.ts';
import { type OcsfFinding, ocsfFinding } from '../products/ocsf.ts';
import { ocsfRecord, type SampleRecord } from '../record.ts';
import { outsideAddress, type World } from '../world.ts';

const POSTURE = { name: 'Prowler', vendor: 'Prowler', uid: 'prowler' };
const CLOUD_WATCH = { name: 'Nimbus Watch', vendor: 'Nimbus Example', uid: 'nimbus-watch' };
const MAIL = { name: 'MailShield', vendor: 'MailShield Example', uid: 'mailshield' };

const ACCOUNTS = [
  ['210000000011', 'halden-production'],
  ['210000000022', 'halden-data'],
  ['210000000033', 'halden-sandbox'],
  ['210000000044', 'halden-web'],
] as const;

const CHECKS = [
  ['s3_bucket_public_access', 'S3 bucket allows public access', 4, 's3', 'bucket'],
  ['s3_bucket_default_encryption', 'S3 bucket has no default encryption', 3, 's3', 'bucket'],
  ['iam_user_mfa_enabled_console_access', 'Console user without MFA', 4, 'iam', 'user'],
  [
    'ec2_securitygroup_allow_ingress_from_internet_to_port_22',
    'Security group open to the internet on port 22',
    3,
    'ec2',
    'security-group',
  ],
  ['cloudtrail_log_file_validation_enabled', 'CloudTrail log file validation is off', 2, 'cloudtrail', 'trail'],
  ['rds_instance_backup_enabled', 'Database without backup', 3, 'rds', 'db'],
  ['accessanalyzer_enabled', 'IAM Access Analyzer is not enabled', 2, 'accessanalyzer', 'analyzer'],
  ['iam_rotate_access_key_90_days', 'Access key older than 90 days', 2, 'iam', 'access-key'],
] as const;

/** Checks of the cloud's configuration: those that pass say so, too. */
export function cloudPosture({ fortnight, random }: World): SampleRecord[] {
  const own = random.fork('posture');
  return drawTimes(own, fortnight, 620, ALWAYS).map((atMs) => {
    const [check, title, severity, service, kind] = own.pick(CHECKS);
    const [account, accountName] = own.pick(ACCOUNTS);
    const isPassed = own.chance(0.55);
    const name = `${accountName.slice(7)}-${kind}-${own.int(1, 2)}`;
    const finding: OcsfFinding = {
      product: POSTURE,
      ruleId: check,
      ruleName: title,
      title,
      description: isPassed
        ? `${name} meets the check.`
        : `${name} in account ${accountName} fails the check: ${title}.`,
      severity,
      types: ['Posture'],
      statusCode: isPassed ? 'PASS' : 'FAIL',
      resources: [{ uid: `arn:aws:${service}:eu-west-1:${account}:${kind}/${name}`, name, type: kind }],
      cloud: { account, accountName, region: 'eu-west-1' },
    };
    return ocsfRecord(atMs, ocsfFinding(own, atMs, finding));
  });
}

const CLOUD_DETECTIONS = [
  [
    'console-login-new-country',
    'Console login from a country not seen before',
    3,
    'TA0001',
    'Initial Access',
    'T1078.004',
    'Cloud Accounts',
  ],
  [
    'access-key-created',
    'Access key created for another user',
    3,
    'TA0003',
    'Persistence',
    'T1098.001',
    'Additional Cloud Credentials',
  ],
  [
    'snapshot-shared',
    'Volume snapshot shared with another account',
    4,
    'TA0010',
    'Exfiltration',
    'T1537',
    'Transfer Data to Cloud Account',
  ],
  [
    'api-errors-burst',
    'Burst of denied API calls by one principal',
    2,
    'TA0007',
    'Discovery',
    'T1580',
    'Cloud Infrastructure Discovery',
  ],
] as const;

/** What people do in the cloud that looks odd. */
export function cloudDetections({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('cloud-detections');
  const engineers = company.employees.filter((person) => person.department === 'IT').slice(0, 12);
  return drawTimes(own, fortnight, 55, OFFICE).map((atMs) => {
    const [ruleId, title, severity, tactic, tacticName, technique, techniqueName] = own.pick(CLOUD_DETECTIONS);
    const [account, accountName] = own.pick(ACCOUNTS);
    const person = own.pick(engineers);
    return ocsfRecord(
      atMs,
      ocsfFinding(own, atMs, {
        product: CLOUD_WATCH,
        ruleId,
        ruleName: title,
        title,
        description: `${title}: ${person.account} in ${accountName}.`,
        severity,
        types: ['Threat detection'],
        attacks: [{ tactic, tacticName, technique, techniqueName }],
        user: person.account,
        evidence: { src_endpoint: { ip: outsideAddress(own) }, api: { operation: 'AssumeRole' } },
        resources: [{ uid: `arn:aws:iam::${account}:user/${person.account}`, name: person.account, type: 'user' }],
        cloud: { account, accountName, region: 'eu-west-1' },
      }),
    );
  });
}

const SUBJECTS = [
  'Your parcel is waiting: confirm the address',
  'Overdue invoice 88213',
  'Webinar: customs in 2027',
  'Your mailbox is almost full',
  'New voicemail (0:42)',
  'Weekly tariff newsletter',
];

/** Mail that people reported. A quarter is a newsletter, a quarter the mail gateway had already dealt with. */
export function reportedMail({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('reported-mail');
  return drawTimes(own, fortnight, 400, OFFICE).map((atMs) => {
    const person = own.pick(company.employees);
    const isNewsletter = own.chance(0.4);
    const subject = isNewsletter ? own.pick([SUBJECTS[2] ?? '', SUBJECTS[5] ?? '']) : own.pick(SUBJECTS);
    const sender = isNewsletter ? 'news@tariff-weekly.example' : `billing@${own.hex(6)}.test`;
    return ocsfRecord(
      atMs,
      ocsfFinding(own, atMs, {
        product: MAIL,
        ruleId: isNewsletter ? 'mail.reported.bulk' : 'mail.reported.suspicious',
        ruleName: isNewsletter ? 'Bulk mail reported by a person' : 'Suspicious mail reported by a person',
        title: isNewsletter ? 'Bulk mail reported as phishing' : 'Mail reported as phishing',
        description: `${person.email} reported "${subject}" from ${sender}.`,
        severity: isNewsletter ? 1 : 2,
        types: ['Phishing report'],
        attacks: [{ tactic: 'TA0001', tacticName: 'Initial Access', technique: 'T1566', techniqueName: 'Phishing' }],
        user: person.account,
        status: !isNewsletter && own.chance(0.5) ? 4 : 1,
        evidence: {
          email: { from: sender, to: [person.email], subject },
          url: { url_string: `https://${own.hex(6)}.test/login`, hostname: `${own.hex(6)}.test` },
        },
        extra: { email_domain: COMPANY.mailDomain },
      }),
    );
  });
}
