import { Button, Checkbox, Menu, Popover, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ANY_OPEN, type QueueFilter, type QueueSort, type SavedView } from '../../../shared/model/queue.ts';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { keys } from '../../state/query-keys.ts';
import { useToasts } from '../../state/toasts.ts';
import { useMe } from '../../state/workspace.ts';
import { formatCount } from '../../ui/words.ts';
import classes from './toolbar.module.css';

interface Props {
  filter: QueueFilter;
  sort: QueueSort;
  onShow: (filter: QueueFilter, sort: QueueSort) => void;
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const MINE: QueueFilter = { ...ANY_OPEN, assignee: 'me' };
const UNOWNED: QueueFilter = { ...ANY_OPEN, assignee: 'none' };
const TABS_MAX = 3;

/** The views that everybody has, the saved ones, and a way to keep what is looked at now. */
export function SavedViews({ filter, sort, onShow }: Props) {
  const engine = useEngine();
  const { data: views = [] } = useQuery({ queryKey: keys.views(), queryFn: () => engine.queue.views({}) });
  const { data: facets } = useQuery({
    queryKey: keys.facets('open'),
    queryFn: () => engine.queue.facets({ state: 'open' }),
  });
  const unowned = facets === undefined ? null : (facets.assignees.find(({ value }) => value === 'none')?.n ?? 0);
  const tab = (name: string, view: QueueFilter, viewSort: QueueSort, n: number | null) => (
    <button
      key={name}
      type="button"
      className={classes.tab}
      aria-pressed={same(filter, view) && sort === viewSort}
      onClick={() => onShow(view, viewSort)}
    >
      {name}
      {n === null ? null : <span className="ew-muted"> {formatCount(n)}</span>}
    </button>
  );
  const isKnown = [ANY_OPEN, MINE, UNOWNED, ...views.map((view) => view.filter)].some((known) => same(known, filter));
  return (
    <nav className={classes.tabs} aria-label="Views">
      {tab('All open', ANY_OPEN, 'priority', facets?.total ?? null)}
      {tab('Mine', MINE, 'priority', facets?.mine ?? null)}
      {tab('Unowned', UNOWNED, 'priority', unowned)}
      {views.slice(0, TABS_MAX).map((view) => tab(view.name, view.filter, view.sort, null))}
      <ViewsMenu views={views} onShow={onShow} />
      {isKnown ? null : <SaveView filter={filter} sort={sort} />}
    </nav>
  );
}

function ViewsMenu({ views, onShow }: { views: readonly SavedView[]; onShow: Props['onShow'] }) {
  const engine = useEngine();
  const me = useMe();
  const queryClient = useQueryClient();
  if (views.length === 0) return null;
  const remove = async (view: SavedView) => {
    try {
      await engine.queue.deleteView({ statement: makeStatement({ kind: 'view.delete' }), id: view.id });
    } catch (error) {
      const words = wordsOf(error, 'Deleting the view');
      useToasts.getState().show({ kind: 'problem', text: words.happened, todo: words.todo });
    }
    await queryClient.invalidateQueries({ queryKey: keys.views() });
  };
  const own = views.filter((view) => view.ownerId === me?.id);
  return (
    <Menu position="bottom-start" width={260}>
      <Menu.Target>
        <button type="button" className={classes.tab}>
          Views ▾
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {views.map((view) => (
          <Menu.Item
            key={view.id}
            onClick={() => onShow(view.filter, view.sort)}
            rightSection={<span className="ew-muted ew-small">{view.isShared ? 'shared' : 'yours'}</span>}
          >
            <bdi>{view.name}</bdi>
          </Menu.Item>
        ))}
        {own.length === 0 ? null : (
          <>
            <Menu.Divider />
            <Menu.Label>Delete</Menu.Label>
            {own.map((view) => (
              <Menu.Item key={view.id} onClick={() => void remove(view)}>
                Delete <bdi>{view.name}</bdi>
              </Menu.Item>
            ))}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function SaveView({ filter, sort }: { filter: QueueFilter; sort: QueueSort }) {
  const engine = useEngine();
  const queryClient = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [isShared, setShared] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const statement = makeStatement({ kind: 'view.save' });
      await engine.queue.saveView({ statement, id: null, name: name.trim(), filter, sort, isShared });
      await queryClient.invalidateQueries({ queryKey: keys.views() });
      setOpen(false);
      setName('');
    } catch (error) {
      const words = wordsOf(error, 'Saving the view');
      setProblem(`${words.happened} ${words.todo}`);
    }
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus position="bottom-start" width={280}>
      <Popover.Target>
        <button type="button" className={classes.link} onClick={() => setOpen(!isOpen)}>
          Save this view
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <form className={classes.saveForm} onSubmit={(event) => void save(event)}>
          <TextInput
            data-autofocus
            label="Name"
            required
            maxLength={80}
            value={name}
            error={problem}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Checkbox
            label="Everybody sees it"
            checked={isShared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          <Button type="submit" variant="filled">
            Save the view
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
