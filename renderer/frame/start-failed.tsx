import { wordsOf } from '../state/error-words.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { Look } from './look.tsx';

/** Shown when there was never a way to the engine. */
export function StartFailed({ error, styleNonce }: { error: unknown; styleNonce: string }) {
  return (
    <Look styleNonce={styleNonce}>
      <main>
        <ErrorState error={wordsOf(error, 'Opening Evenwatch')} onRetry={() => window.location.reload()} />
      </main>
    </Look>
  );
}
