import type { InferContractRouterOutputs } from '@orpc/contract';
import type { Contract } from '../../../shared/contract/index.ts';
import { BandMark } from '../../ui/band-mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { Remarks } from './remarks.tsx';

type Watch = InferContractRouterOutputs<Contract>['myWatch']['get'];

/** Who reads what I write beside a band, and for how long it is kept, in the words of the moment. */
export function whoReads({ visibleToLeads, pausedSinceMs, keptDays }: Watch): string {
  const readers =
    visibleToLeads && pausedSinceMs === null
      ? 'Leads who see your band read it beside it.'
      : 'Leads see no band of yours now, so only you read it; if they come to see your band, they read it beside it.';
  return `${readers} It changes no figure. You can withdraw it at any time, and after ${keptDays.remark} days it is deleted.`;
}

/** The one thing that leads see of me, or will, word for word. */
export function ForLeadsPanel({ watch }: { watch: Watch }) {
  const { forLeads, visibleToLeads, pausedSinceMs, asOfMs } = watch;
  const action = forLeads === null ? undefined : <BandMark band={forLeads.band} />;
  return (
    <Panel title="What leads see of me" action={action}>
      {forLeads === null ? (
        <p>{nothingBecause(visibleToLeads, pausedSinceMs !== null)}</p>
      ) : (
        <>
          <p>{forLeads.driver}</p>
          {forLeads.action === null ? null : <p>What would help: {forLeads.action}</p>}
          <p className="ew-muted ew-small">
            {forLeads.fromMs > asOfMs ? 'Only you see this; leads from ' : 'Leads see this since '}
            <TimeText atMs={forLeads.fromMs} />. They never see your figures.
          </p>
        </>
      )}
      <Remarks about="band" title="my band" remarks={watch.remarks} whoReads={whoReads(watch)} />
    </Panel>
  );
}

function nothingBecause(isOpenToLeads: boolean, isPaused: boolean): string {
  if (isPaused) return 'Nothing: you paused your indicators.';
  if (!isOpenToLeads) return 'Nothing: bands of single people are closed to leads here. Only you see this page.';
  return 'Nothing yet: your band is looked at within the hour, and you see it here 24 hours before they do.';
}
