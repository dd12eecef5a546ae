import { useQuery } from '@tanstack/react-query';
import { useEngine } from '../../state/engine.tsx';
import { keys } from '../../state/query-keys.ts';

/** How well each rule that closes is proven. */
export function useBoard() {
  const engine = useEngine();
  return useQuery({ queryKey: keys.automation('assurance'), queryFn: () => engine.assurance.board({}) });
}
