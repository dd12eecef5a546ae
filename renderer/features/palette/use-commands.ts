import { useQuery } from '@tanstack/react-query';
import { formatId, parseId } from '../../../shared/model/ids.ts';
import { ANY_OPEN, type SavedView } from '../../../shared/model/queue.ts';
import type { EngineClient } from '../../client/client.ts';
import { goTo, hashOf } from '../../frame/route.ts';
import { SCREENS } from '../../frame/screens.tsx';
import { KEY_ACTIONS, type KeyActionId, type KeyScope, mainKey } from '../../keys/key-map.ts';
import { useKeyRegistry } from '../../keys/use-keys.tsx';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { keys } from '../../state/query-keys.ts';
import { useToasts } from '../../state/toasts.ts';
import { useSwitchPerson } from '../../state/use-switch-person.ts';
import { useViewSettings } from '../../state/view-settings.ts';
import { useMe, usePeople, useWorkspace } from '../../state/workspace.ts';
import { TIER_WORDS } from '../../ui/words.ts';
import { queueHash } from '../queue/queue-route.ts';

export interface Command {
  id: string;
  group: string;
  label: string;
  alsoFound?: string;
  keys: string | null;
  run: () => void;
}

const SCOPE_GROUPS: Readonly<Record<Exclude<KeyScope, 'Go to'>, string>> = {
  Item: 'This item',
  Everywhere: 'Everywhere',
  List: 'The list',
};
const SCOPES_IN_ORDER = ['Item', 'Everywhere', 'List'] as const;
/** The palette is open already, and closing it is not worth a row. */
const NOT_LISTED: ReadonlySet<string> = new Set<KeyActionId>(['palette', 'back']);

/** Everything that can be done from here, in the order in which an empty palette shows it. */
export function useCommands(): readonly Command[] {
  const actions = useActionCommands();
  const people = usePersonCommands();
  const views = useViewCommands();
  return [...actions.item, ...screenCommands(actions.keyOf), ...views, ...actions.others, ...people, ...lookCommands()];
}

function useActionCommands() {
  const registry = useKeyRegistry();
  const overrides = useViewSettings((settings) => settings.keyOverrides);
  const available = registry.available();
  const keyOf = (action: KeyActionId) => mainKey(action, overrides);
  const commandsOf = (scope: (typeof SCOPES_IN_ORDER)[number]): Command[] =>
    (Object.keys(KEY_ACTIONS) as KeyActionId[])
      .filter((id) => KEY_ACTIONS[id].scope === scope && available.has(id) && !NOT_LISTED.has(id))
      .map((id) => ({
        id: `action ${id}`,
        group: SCOPE_GROUPS[scope],
        label: KEY_ACTIONS[id].label,
        keys: keyOf(id),
        run: () => void registry.run(id),
      }));
  return { keyOf, item: commandsOf('Item'), others: [...commandsOf('Everywhere'), ...commandsOf('List')] };
}

function screenCommands(keyOf: (action: KeyActionId) => string | null): Command[] {
  return SCREENS.map(({ id, title, goKey }) => ({
    id: `screen ${id}`,
    group: 'Go to',
    label: title,
    alsoFound: 'go to screen',
    keys: keyOf(goKey),
    run: () => goTo(hashOf(id)),
  }));
}

function useViewCommands(): Command[] {
  const engine = useEngine();
  const { data: views = [] } = useQuery({ queryKey: keys.views(), queryFn: () => engine.queue.views({}) });
  const builtIn: Pick<SavedView, 'id' | 'name' | 'filter' | 'sort'>[] = [
    { id: -1, name: 'All open', filter: ANY_OPEN, sort: 'priority' },
    { id: -2, name: 'Mine', filter: { ...ANY_OPEN, assignee: 'me' }, sort: 'priority' },
    { id: -3, name: 'Unowned', filter: { ...ANY_OPEN, assignee: 'none' }, sort: 'priority' },
  ];
  return [...builtIn, ...views].map(({ id, name, filter, sort }) => ({
    id: `view ${id}`,
    group: 'Views of the queue',
    label: name,
    alsoFound: 'view queue',
    keys: null,
    run: () => goTo(queueHash(filter, sort)),
  }));
}

function usePersonCommands(): Command[] {
  const people = usePeople();
  const me = useMe();
  const { data } = useWorkspace();
  const switchPerson = useSwitchPerson();
  if (data?.canSwitchPerson !== true) return [];
  return [...people.values()]
    .filter(({ id }) => id !== me?.id)
    .map(({ id, name, tier, initials }) => ({
      id: `person ${id}`,
      group: 'Switch person',
      label: `${name}, ${TIER_WORDS[tier].toLowerCase()}`,
      alsoFound: `switch to person sign in ${initials}`,
      keys: null,
      run: () => void switchPerson(id),
    }));
}

function lookCommands(): Command[] {
  const { change } = useViewSettings.getState();
  const command = (label: string, alsoFound: string, part: Parameters<typeof change>[0]): Command => ({
    id: `look ${label}`,
    group: 'View',
    label,
    alsoFound,
    keys: null,
    run: () => change(part),
  });
  return [
    command('Light theme', 'colour look day', { theme: 'light' }),
    command('Dark theme', 'colour look night', { theme: 'dark' }),
    command('Theme as the system', 'colour look auto', { theme: 'auto' }),
    command('Dense rows', 'density compact', { density: 'dense' }),
    command('Comfortable rows', 'density large', { density: 'comfortable' }),
    command('Times in UTC', 'zone clock', { zone: 'utc' }),
    command('Times in local time', 'zone clock', { zone: 'local' }),
  ];
}

/** What a typed reference leads to: an item, or the item that an alert belongs to. Null when it is no reference. */
export function useReferenceCommand(query: string): Command | null {
  const engine = useEngine();
  const typed = query.trim().toLowerCase();
  const prefix = /^(grp|alr)_[0-9a-z]+$/.exec(typed)?.[1];
  if (prefix !== 'grp' && prefix !== 'alr') return null;
  const id = parseId(prefix, typed);
  if (id === null) return null;
  const isItem = prefix === 'grp';
  return {
    id: 'reference',
    group: 'Reference',
    label: `${isItem ? 'Item' : 'The item of alert'} ${formatId(prefix, id)}`,
    keys: null,
    run: () => (isItem ? goToItem(id) : void goToItemOf(engine, id)),
  };
}

function goToItem(groupId: number): void {
  goTo(queueHash({ ...ANY_OPEN, state: 'all' }, 'priority', formatId('grp', groupId)));
}

async function goToItemOf(engine: EngineClient, alertId: number): Promise<void> {
  try {
    goToItem((await engine.alert.get({ id: alertId })).groupId);
  } catch (error) {
    const words = wordsOf(error, 'Finding the alert');
    useToasts.getState().show({ kind: 'problem', text: words.happened, todo: 'Compare the reference and try again.' });
  }
}
