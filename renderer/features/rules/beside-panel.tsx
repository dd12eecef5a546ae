import { type Figure, Figures } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { countOf, formatCount } from '../../ui/words.ts';
import type { RuleDetail } from './rule-words.ts';

type Beside = NonNullable<RuleDetail['beside']>;

/** How the version that only speaks differs from the one that acts, on the same items. */
export function BesidePanel({ beside }: { beside: Beside }) {
  const { version, inForceVersion, sinceMs, both, onlyInForce, onlyBeside, decided, truePositives } = beside;
  const all = both + onlyInForce + onlyBeside;
  const figures: Figure[] = [
    { label: 'Closed by both', value: formatCount(both), of: `of ${countOf(all, 'item')} that either would close` },
    {
      label: `Only by version ${inForceVersion}, which acts`,
      value: formatCount(onlyInForce),
      of: 'people would get these',
    },
    {
      label: `Only by version ${version}, which speaks`,
      value: formatCount(onlyBeside),
      of: 'people would get these no longer',
    },
    {
      label: 'Of these, truly bad',
      value: decided === 0 ? 'not known yet' : formatCount(truePositives),
      of: decided === 0 ? 'people decided none so far' : `of ${countOf(decided, 'item')} that people decided`,
    },
  ];
  return (
    <Panel
      title="Beside the version in force"
      note={
        <>
          Items that came in since <TimeText atMs={sinceMs} form="minute" />. People decide without seeing what version{' '}
          {version} says.
        </>
      }
    >
      <Figures figures={figures} />
    </Panel>
  );
}
