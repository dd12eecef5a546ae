import { EmptyState } from '../../ui/empty-state.tsx';

/** While the sample workspace is being made. `share` is 0 to 1. */
export function Preparing({ share }: { share: number }) {
  return (
    <main>
      <EmptyState title="Making the sample workspace">
        A fortnight of a made-up company goes through the same intake as real alerts: {Math.round(share * 100)} % done.
      </EmptyState>
    </main>
  );
}
