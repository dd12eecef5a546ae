import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeOnBothStores } from '../../../store/databases.ts';
import { listOpen, openSetting, statementOf } from '../../engine-setting.ts';
import { person } from '../../seed.ts';

const ANA = person('ana', 'tier1');
const ACME = `name: acme
label: Acme IDS
recognise: { has: acme.rule }
id: acme.id
fields: { time: at, title: acme.rule, severity: { const: high }, hosts: acme.machine }
`;

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'evenwatch-mapped-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describeOnBothStores('a workspace with a mapping', (open) => {
  it('stores what it reads, shows it again, finds it, and shows it still when the mapping is gone', async () => {
    writeFileSync(join(dir, 'acme.yml'), ACME);
    writeFileSync(join(dir, 'broken.yml'), 'name: [');
    const alerts = join(dir, 'alerts.json');
    writeFileSync(
      alerts,
      `{"acme":{"id":"a-1","rule":"Lateral move","machine":"srv-7"},"at":"2026-03-01T10:00:00Z"}\n`,
    );
    const { target } = await open();
    const setting = await openSetting(target, { mappingsDirs: { own: dir, program: null } });
    let id = 0;
    try {
      const report = await setting.engine.writer.ingest({
        paths: [alerts],
        format: 'auto',
        isHistory: true,
        site: null,
      });
      expect(report).toMatchObject({ stored: 1, byFormat: { acme: { stored: 1 } } });
      const [item] = (await listOpen(setting, ANA)).items;
      expect(item).toMatchObject({ title: 'Lateral move', severity: 'high', product: 'acme ids' });
      const detail = await setting.engine.handlers.queue.get(setting.as(ANA), { id: item?.id ?? 0 });
      id = detail.alerts[0]?.id ?? 0;
      expect(detail.alerts[0]).toMatchObject({ host: 'srv-7' });
      const summary = await setting.engine.handlers.sources.summary(setting.as(ANA), {});
      expect(summary.byFormat).toMatchObject([{ format: 'acme', label: 'Acme IDS' }]);
      await setting.engine.tick();
      expect((await listOpen(setting, ANA, { text: 'srv-7' })).items.length).toBe(1);
    } finally {
      await setting.close();
    }
    rmSync(join(dir, 'acme.yml'));
    const later = await openSetting(target, { mappingsDirs: { own: dir, program: null } });
    try {
      const { warnings, alert } = await later.engine.handlers.alert.get(later.as(ANA), { id });
      expect(alert).toMatchObject({ title: 'Lateral move', host: 'srv-7' });
      expect(warnings[0]?.message).toContain('Its mapping was taken away');
    } finally {
      await later.close();
    }
  });

  it('refuses a format that no mapping has', async () => {
    const { target } = await open();
    writeFileSync(join(dir, 'acme.yml'), ACME);
    const setting = await openSetting(target, { mappingsDirs: { own: dir, program: null } });
    try {
      const statement = statementOf('lists.import');
      const begin = { name: 'x.json', format: 'acmee', isHistory: false, statement };
      const refused = setting.engine.handlers.sources.uploadBegin(setting.as(ANA), begin);
      await expect(refused).rejects.toThrow('is no known format. Use auto, acme, suricata-eve');
    } finally {
      await setting.close();
    }
  });
});
