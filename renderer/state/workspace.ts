import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { hasRole } from '../../shared/contract/base.ts';
import type { Person } from '../../shared/model/people.ts';
import type { Role } from '../../shared/model/vocabulary.ts';
import { useEngine } from './engine.tsx';
import { keys } from './query-keys.ts';

/** What the frame knows: name, sample or own, who sits here, whether automation is paused. */
export function useWorkspace() {
  const engine = useEngine();
  return useQuery({
    queryKey: keys.workspace(),
    queryFn: () => engine.workspace.get({}),
    // While a sample is being made there is nothing to poke us, so we look.
    refetchInterval: (query) => (query.state.data?.preparing != null ? 1000 : 60_000),
  });
}

export function useMe(): Person | null {
  return useWorkspace().data?.me ?? null;
}

/** True when the person here may do what `role` may. The engine checks again; this only decides what is offered. */
export function useHasRole(role: Role): boolean {
  const me = useMe();
  return me !== null && hasRole(me.roles, role);
}

/** Everybody on the roster by id, for names and initials. */
export function usePeople(): ReadonlyMap<string, Person> {
  const engine = useEngine();
  const { data } = useQuery({
    queryKey: keys.people(),
    queryFn: () => engine.workspace.people({}),
    staleTime: 5 * 60_000,
  });
  return useMemo(() => new Map((data ?? []).map((person) => [person.id, person])), [data]);
}
