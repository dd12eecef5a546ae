import { Progress } from '@mantine/core';
import { EmptyState } from '../../ui/empty-state.tsx';

/** While the sample workspace is being made. `share` is 0 to 1. */
export function Preparing({ share }: { share: number }) {
  const percent = Math.round(share * 100);
  return (
    <main>
      <h1 className="ew-visually-hidden">Evenwatch</h1>
      <EmptyState title="Making the sample workspace">
        <p>
          A fortnight of a made-up company goes through the same intake as real alerts. This happens once and takes
          about half a minute.
        </p>
        <Progress value={percent} aria-label="Share of the sample that is made" my="md" />
        <p className="ew-muted">{percent} % of the fortnight is in.</p>
      </EmptyState>
    </main>
  );
}
