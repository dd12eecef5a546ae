import { Button } from '@mantine/core';
import { useState } from 'react';
import { ownDataCsv } from '../../../shared/domain/own-data/own-data-csv.ts';
import { saveText } from '../../client/save-text.ts';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { useToasts } from '../../state/toasts.ts';
import { Panel } from '../../ui/panel.tsx';
import classes from './remarks.module.css';

const FORMATS = [
  { name: 'JSON', file: 'evenwatch-my-data.json', type: 'application/json' },
  { name: 'CSV', file: 'evenwatch-my-data.csv', type: 'text/csv' },
] as const;

/** A copy of everything about me, for me to keep (GDPR Arts 15 and 20). */
export function OwnDataPanel() {
  const engine = useEngine();
  const [isBusy, setBusy] = useState(false);

  async function save({ name, file, type }: (typeof FORMATS)[number]): Promise<void> {
    setBusy(true);
    try {
      const data = await engine.myWatch.ownData({});
      saveText(file, type, name === 'CSV' ? ownDataCsv(data) : `${JSON.stringify(data, null, 2)}\n`);
    } catch (error) {
      const words = wordsOf(error, 'Copying your data');
      useToasts.getState().show({ kind: 'problem', text: words.happened, todo: `${words.means} ${words.todo}` });
    } finally {
      setBusy(false);
    }
  }

  return (
    <Panel title="My data">
      <div className={classes.form}>
        <p>
          Everything that is kept or derived about you: your place on the team list, your duties, your conditions with
          their figures, your band, what you wrote, who looked, and your saved views. It says of each part how long it
          is kept.
        </p>
        <p className="ew-muted ew-small">
          Not in it: decisions, notes and escalations. They are the security record of the cases, they can be read
          there, and nobody can list them by person and time.
        </p>
        <div className={classes.buttons}>
          {FORMATS.map((format) => (
            <Button key={format.name} variant="default" disabled={isBusy} onClick={() => void save(format)}>
              Save as {format.name}
            </Button>
          ))}
        </div>
      </div>
    </Panel>
  );
}
