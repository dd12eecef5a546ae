import type { JsonObject } from '../../../shared/model/json.ts';
import { drawTimes, OFFICE } from '../calendar.ts';
import type { Host } from '../company.ts';
import { type ElasticEvent, type ElasticRule, elasticAlert } from '../products/elastic.ts';
import { elasticRecord, type SampleRecord } from '../record.ts';
import { outsideAddress, type World } from '../world.ts';
import { ADMIN_RULES, BUILDING_BLOCKS, DAILY_RULES } from './elastic-rules.ts';

const PROGRAMS = [
  [
    'powershell.exe',
    'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    '-File C:\\ProgramData\\Login\\map-drives.ps1',
  ],
  ['wscript.exe', 'C:\\Windows\\System32\\wscript.exe', 'C:\\ProgramData\\Login\\printers.vbs'],
  ['rundll32.exe', 'C:\\Windows\\System32\\rundll32.exe', 'printui.dll,PrintUIEntry /ga'],
  ['net.exe', 'C:\\Windows\\System32\\net.exe', 'group "Domain Admins" /domain'],
  ['LabelDesigner.exe', 'C:\\Program Files\\LabelDesigner\\LabelDesigner.exe', '--startup'],
] as const;

function programEvent(random: World['random'], host: Host, user: string, rule: ElasticRule): ElasticEvent {
  const [name, executable, args] = random.pick(PROGRAMS);
  return {
    host,
    user,
    process: {
      name,
      executable,
      commandLine: `${name} ${args}`,
      parent: random.pick(['C:\\Windows\\explorer.exe', 'C:\\Windows\\System32\\userinit.exe']),
      sha256: random.hex(64),
    },
    network: { src: host.ip, dst: outsideAddress(random) },
    reason: `process event with process ${name}, by ${user} on ${host.name} created ${rule.severity} alert ${rule.name}.`,
  };
}

/** PsExec and remote tasks of the three administrators, from the jump host, by day. */
export function administratorTools({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('admin-tools');
  const jump = company.server('hl-jump01');
  return drawTimes(own, fortnight, 110, OFFICE).map((atMs) => {
    const administrator = own.pick(company.administrators);
    const rule = own.pick(ADMIN_RULES);
    const target = own.pick(company.servers);
    return elasticRecord(
      atMs,
      elasticAlert(own, atMs, rule, {
        host: jump,
        user: administrator.adminAccount,
        process: {
          name: 'PsExec64.exe',
          executable: 'C:\\Tools\\Sysinternals\\PsExec64.exe',
          commandLine: `PsExec64.exe \\\\${target.name} -s cmd /c gpupdate`,
          parent: 'C:\\Windows\\System32\\cmd.exe',
        },
        network: { src: jump.ip, dst: target.ip, dstPort: 445 },
        reason: `network event with process PsExec64.exe, by ${administrator.adminAccount} on ${jump.name}.`,
      }),
    );
  });
}

/** What desks set off. A third was closed in Kibana by its own playbook before it came here. */
export function dailyDetections({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('daily-detections');
  const atDesks = company.employees.slice(0, company.workstations.length);
  // Ninety people use the odd programs; the rest never set anything off.
  const regulars = Array.from({ length: 90 }, () => own.pick(atDesks));
  const weighted = DAILY_RULES.map((rule, index) => [rule, 1 / (1 + index * 0.3)] as const);
  return drawTimes(own, fortnight, 640, OFFICE).map((atMs) => {
    const person = own.pick(regulars);
    const rule = own.weighted(weighted);
    const event = programEvent(own, person.host, person.account, rule);
    const state = rule.severity !== 'high' && own.chance(0.42) ? 'closed' : 'open';
    const extra: JsonObject = state === 'closed' ? { 'kibana.alert.workflow_reason': 'benign_positive' } : {};
    return elasticRecord(atMs, elasticAlert(own, atMs, rule, { ...event, state, extra }));
  });
}

/** Alerts that only serve to make others. */
export function buildingBlocks({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('building-blocks');
  return drawTimes(own, fortnight, 220, OFFICE).map((atMs) => {
    const person = own.pick(company.employees.slice(0, company.workstations.length));
    const rule = own.pick(BUILDING_BLOCKS);
    const event = programEvent(own, person.host, person.account, rule);
    return elasticRecord(atMs, elasticAlert(own, atMs, rule, { ...event, isBuildingBlock: true }));
  });
}
