import { useQuery } from '@tanstack/react-query';
import { useEngine } from '../../state/engine.tsx';
import { keys } from '../../state/query-keys.ts';
import { useMe } from '../../state/workspace.ts';
import { CountBadge } from '../../ui/count-badge.tsx';

/** Open questions to my tier, for the rail. */
export function OpenEscalationsCount() {
  const engine = useEngine();
  const me = useMe();
  const { data } = useQuery({
    queryKey: keys.escalations('open'),
    queryFn: () => engine.escalations.list({ state: 'open', tier: null }),
    enabled: me !== null,
  });
  const mine = (data ?? []).filter((one) => one.toTier === me?.tier);
  return <CountBadge n={mine.length} label="open escalations to your tier" />;
}
