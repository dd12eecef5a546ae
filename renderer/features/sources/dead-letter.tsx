import { Button, Checkbox, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { DeadLetter } from '../../../shared/model/ingest.ts';
import { EntityText } from '../../ui/entity-text.tsx';
import { HostileText } from '../../ui/hostile-text.tsx';
import { MarkedText } from '../../ui/marked-text.tsx';
import { Section } from '../../ui/section.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { formatCount } from '../../ui/words.ts';
import { aroundFault, REASON_WORDS } from './letter-words.ts';
import classes from './sources.module.css';

/** One record that could not be read: why, where, its text, and a way to mend it. */
export function Letter({
  letter,
  isChosen,
  onChoose,
  onReadAgain,
}: {
  letter: DeadLetter;
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
  /** With the text as it was mended, or null to read it as it came. */
  onReadAgain: (text: string | null) => Promise<void>;
}) {
  const [mended, setMended] = useState<string | null>(null);
  const column = letter.column === null ? '' : `, column ${formatCount(letter.column)}`;
  const place = letter.line === null ? column : `, line ${formatCount(letter.line)}${column}`;
  const around = aroundFault(letter);
  const isWhole = letter.text.length >= letter.bytes / 4 && letter.bytes <= 65_536;
  return (
    <div className={classes.letter}>
      <Checkbox
        aria-label={`Choose the record from ${letter.origin}${place}`}
        checked={isChosen}
        onChange={(event) => onChoose(event.currentTarget.checked)}
        className={classes.choose}
      />
      <Section
        title={letter.message.charAt(0).toUpperCase() + letter.message.slice(1)}
        note={
          <>
            {REASON_WORDS[letter.reason]}. <EntityText value={letter.origin} />
            {place}, <TimeText atMs={letter.atMs} form="ago" />, {formatCount(letter.bytes)} bytes
          </>
        }
        isFoldable
        startsOpen={false}
      >
        {around === null ? null : (
          <section
            className={classes.around}
            aria-label={around.isAll ? 'The record as it came' : 'The place of the fault'}
          >
            <bdi dir="ltr">
              <MarkedText text={around.before} />
              <mark className={classes.place}>
                <MarkedText text={around.at} />
              </mark>
              <MarkedText text={around.after} />
            </bdi>
          </section>
        )}
        {mended === null && around?.isAll === true ? null : mended === null ? (
          <HostileText text={letter.text} label="The record as it came" />
        ) : (
          <Textarea
            label="The record as it should have been"
            description="What you change is stored as the alert’s original, with the word that it was mended"
            autosize
            minRows={4}
            maxRows={20}
            spellCheck={false}
            classNames={{ input: 'ew-mono' }}
            value={mended}
            onChange={(event) => setMended(event.currentTarget.value)}
          />
        )}
        <div className={classes.buttons}>
          <Button onClick={() => void onReadAgain(mended)}>
            {mended === null ? 'Read it again' : 'Read it as mended'}
          </Button>
          {mended === null ? (
            isWhole ? (
              <Button onClick={() => setMended(letter.text)}>Mend its text</Button>
            ) : (
              <span className="ew-muted">Only its beginning was kept, so it cannot be mended here.</span>
            )
          ) : (
            <Button onClick={() => setMended(null)}>Leave it as it came</Button>
          )}
        </div>
      </Section>
    </div>
  );
}
