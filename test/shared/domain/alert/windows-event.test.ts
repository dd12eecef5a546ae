import { describe, expect, it } from 'vitest';
import { fieldAccess, lookUp } from '../../../../shared/domain/alert/ecs-fields.ts';
import { windowsEventValues } from '../../../../shared/domain/alert/windows-event.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { subjectWith } from '../../../fixtures/rule-subjects.ts';

const EVENT = {
  system: { eventID: '11', channel: 'Microsoft-Windows-Sysmon/Operational', providerName: 'Microsoft-Windows-Sysmon' },
  eventdata: { targetFilename: 'C:\\\\Temp\\\\a &amp; b.ps1', originalFileName: 'X.EXE', logonType: '3' },
};
const WAZUH: JsonObject = { rule: { id: '1' }, data: { win: EVENT } };
const BEAT: JsonObject = { winlog: { event_data: { TargetFilename: 'C:\\Temp\\a.ps1', LogonType: '3' } } };

describe('the event of Windows in a document', () => {
  it.each<[string, JsonObject, readonly unknown[]]>([
    ['file.path', WAZUH, ['C:\\Temp\\a & b.ps1']],
    ['process.pe.original_file_name', WAZUH, ['X.EXE']],
    ['LogonType', WAZUH, ['3']],
    ['event.code', WAZUH, ['11']],
    ['winlog.channel', WAZUH, ['Microsoft-Windows-Sysmon/Operational']],
    ['Nothing', WAZUH, []],
    ['constructor', WAZUH, []],
    ['file.path', BEAT, ['C:\\Temp\\a.ps1']],
    ['LogonType', BEAT, ['3']],
    ['file.path', { data: { win: 'x' } }, []],
    ['file.path', { data: [] }, []],
  ])('says %s', (path, document, expected) => {
    expect(windowsEventValues(document, path)).toEqual(expected);
  });

  it('is asked last, in a bare document and in a hit', () => {
    const access = fieldAccess('raw.file.path');
    if (access === null) throw new Error('no such field');
    const valueIn = (raw: JsonObject) => lookUp(access, subjectWith({}, {}, raw));
    expect(valueIn(WAZUH)).toMatchObject({ values: ['C:\\Temp\\a & b.ps1'] });
    expect(valueIn({ _id: '1', _source: WAZUH })).toMatchObject({ values: ['C:\\Temp\\a & b.ps1'] });
    expect(valueIn({ ...WAZUH, file: { path: 'own' } })).toMatchObject({ values: ['own'] });
    expect(valueIn({ file: 'x' })).toMatchObject({ state: 'absent' });
  });
});
