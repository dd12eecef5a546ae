import { drawTimes, OFFICE } from '../calendar.ts';
import { COMPANY } from '../company.ts';
import { windowsAlert } from '../products/wazuh.ts';
import { type SampleRecord, wazuhRecord } from '../record.ts';
import type { World } from '../world.ts';
import { ENDPOINT_RULES as RULES } from './endpoint-rules.ts';

const POWERSHELL = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';

/** What software does on desks that looks like an attack: installers, login scripts, planned tasks, a memory stick. */
export function deskWork({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('desk-work');
  const kinds = [
    [RULES.cmdFromService, 60, 'C:\\Windows\\System32\\cmd.exe', 'cmd.exe /d /c C:\\Drivers\\setup\\postinstall.cmd'],
    [RULES.scheduledTask, 50, 'C:\\Program Files\\TariffSync\\sync.exe', 'sync.exe --register-task daily'],
    [RULES.usbInserted, 45, 'C:\\Windows\\explorer.exe', 'explorer.exe'],
    [RULES.encodedPowershell, 18, POWERSHELL, `powershell.exe -NoProfile -EncodedCommand ${'R2V0LVByaW50ZXI='}`],
    [RULES.droppedInUsers, 9, 'C:\\Program Files\\Parcelmaps\\update.exe', 'update.exe /silent'],
  ] as const;
  return kinds.flatMap(([rule, count, image, commandLine]) =>
    drawTimes(own, fortnight, count, OFFICE).map((atMs) => {
      const person = own.pick(company.employees.slice(0, company.workstations.length));
      const record = windowsAlert(own, atMs, person.host, rule, {
        channel: 'Sysmon',
        id: '1',
        data: {
          image,
          commandLine,
          parentImage: own.pick(['C:\\Windows\\System32\\svchost.exe', 'C:\\Windows\\explorer.exe']),
          user: `${COMPANY.windowsDomain}\\${person.account}`,
          hashes: `SHA1=${own.hex(40).toUpperCase()},SHA256=${own.hex(64).toUpperCase()}`,
        },
        says: `Process Create: ${image}`,
      });
      return wazuhRecord(atMs, record);
    }),
  );
}

/** Administrators who change groups by ticket, and whose tools look like an intruder's. */
export function adminWork({ company, fortnight, random }: World): SampleRecord[] {
  const own = random.fork('admin-work');
  return drawTimes(own, fortnight, 14, OFFICE).map((atMs) => {
    const administrator = own.pick(company.administrators);
    const member = own.pick(company.employees);
    const record = windowsAlert(own, atMs, company.server('hl-dc02'), RULES.groupChanged, {
      channel: 'Security',
      id: '4732',
      data: {
        subjectUserName: administrator.adminAccount,
        subjectDomainName: COMPANY.windowsDomain,
        memberName: `CN=${member.account},OU=Staff`,
        targetSid: 'S-1-5-32-555',
      },
      says: `A member was added to a security-enabled local group. Ticket CHG-${own.int(20_000, 29_999)}.`,
    });
    return wazuhRecord(atMs, record);
  });
}
