import { useQuery } from '@tanstack/react-query';
import { goTo, hashOf } from '../../frame/route.ts';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { keys } from '../../state/query-keys.ts';
import { useWorkspace } from '../../state/workspace.ts';
import { QueryState } from '../../ui/query-state.tsx';
import { useNow } from '../../ui/time-context.tsx';
import { EditorPage } from './editor-page.tsx';
import { blankRule } from './rule-words.ts';

const DAY_MS = 86_400_000;
const BLANK_DAYS = 90;

/** A new rule: blank, or made from an item of the queue. */
export function NewRule({ fromGroupId }: { fromGroupId: number | null }) {
  const engine = useEngine();
  const nowMs = useNow();
  const me = useWorkspace().data?.me?.name ?? '';
  const draft = useQuery({
    queryKey: keys.automation('draft-from', fromGroupId),
    queryFn: async () => {
      if (fromGroupId !== null) return (await engine.rules.draftFrom({ groupId: fromGroupId })).document;
      const expires = new Date(nowMs + BLANK_DAYS * DAY_MS).toISOString().slice(0, 10);
      return blankRule(crypto.randomUUID(), me, expires);
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return (
    <QueryState
      data={draft.data}
      error={draft.error === null ? null : wordsOf(draft.error, 'Making a rule from this alert')}
      label="the draft"
      onRetry={() => void draft.refetch()}
    >
      {(document) => (
        <EditorPage
          id={null}
          basedOn={null}
          document={document}
          note={
            fromGroupId === null
              ? 'A new rule'
              : 'Made from an alert, as narrow as it can be. Take away what is too much.'
          }
          onLeave={() => goTo(hashOf('automation'))}
        />
      )}
    </QueryState>
  );
}
