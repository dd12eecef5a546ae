import { useQuery } from '@tanstack/react-query';
import { useEngine } from '../../state/engine.tsx';
import { keys } from '../../state/query-keys.ts';

/** A backtest that runs is looked at so often; its end comes with the change feed as well. */
const PROGRESS_EVERY_MS = 500;

export function useRules() {
  const engine = useEngine();
  return useQuery({ queryKey: keys.automation('rules'), queryFn: () => engine.rules.list({}) });
}

export function useRule(id: string, version: number | null) {
  const engine = useEngine();
  return useQuery({
    queryKey: keys.automation('rules', id, version),
    queryFn: () => engine.rules.get({ id, version }),
  });
}

export function useBacktest(id: string, version: number) {
  const engine = useEngine();
  return useQuery({
    queryKey: keys.automation('backtest', id, version),
    queryFn: () => engine.rules.newestBacktest({ id, version }),
    refetchInterval: ({ state }) =>
      state.data?.state === 'running' || state.data?.state === 'waiting' ? PROGRESS_EVERY_MS : false,
  });
}

export function useProposals(isOpen: boolean) {
  const engine = useEngine();
  return useQuery({
    queryKey: keys.automation('proposals', isOpen),
    queryFn: () => engine.rules.proposals({ isOpen }),
  });
}

export function useProposal(id: number) {
  const engine = useEngine();
  return useQuery({ queryKey: keys.automation('proposal', id), queryFn: () => engine.rules.proposal({ id }) });
}

export function useMutes() {
  const engine = useEngine();
  return useQuery({ queryKey: keys.automation('mutes'), queryFn: () => engine.rules.mutes({}) });
}

export function useCorrections() {
  const engine = useEngine();
  return useQuery({ queryKey: keys.automation('corrections'), queryFn: () => engine.rules.corrections({}) });
}

export function useNoise(sinceMs: number) {
  const engine = useEngine();
  return useQuery({
    queryKey: keys.automation('noise', sinceMs),
    queryFn: () => engine.rules.noise({ sinceMs }),
  });
}
