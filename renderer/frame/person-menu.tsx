import { Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEngine } from '../state/engine.tsx';
import { wordsOf } from '../state/error-words.ts';
import { useToasts } from '../state/toasts.ts';
import { useUndoStack } from '../state/undo-stack.ts';
import { useViewSettings, type ViewSettings } from '../state/view-settings.ts';
import { useMe, usePeople, useWorkspace } from '../state/workspace.ts';
import { TIER_WORDS } from '../ui/words.ts';
import classes from './frame.module.css';

const THEMES: Readonly<Record<ViewSettings['theme'], string>> = {
  auto: 'As the system',
  light: 'Light',
  dark: 'Dark',
};

/** Says who sits here, lets the next person take the desk, and holds the few settings of the view. */
export function PersonMenu() {
  const me = useMe();
  const settings = useViewSettings();
  if (me === null) return null;
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <button type="button" className={classes.person}>
          <bdi className={classes.initials}>{me.initials}</bdi>
          <bdi className={classes.personName}>{me.name}</bdi>
          <span className="ew-visually-hidden">, {TIER_WORDS[me.tier].toLowerCase()}. Person and view</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown className={classes.personMenu}>
        <SwitchItems myId={me.id} />
        <Menu.Label>Theme</Menu.Label>
        {(Object.keys(THEMES) as ViewSettings['theme'][]).map((theme) => (
          <Choice key={theme} isOn={settings.theme === theme} onPick={() => settings.change({ theme })}>
            {THEMES[theme]}
          </Choice>
        ))}
        <Menu.Label>Rows</Menu.Label>
        <Choice isOn={settings.density === 'dense'} onPick={() => settings.change({ density: 'dense' })}>
          Dense
        </Choice>
        <Choice isOn={settings.density === 'comfortable'} onPick={() => settings.change({ density: 'comfortable' })}>
          Comfortable
        </Choice>
        <Menu.Label>Keys</Menu.Label>
        <Choice
          isOn={settings.hasSingleKeys}
          onPick={() => settings.change({ hasSingleKeys: !settings.hasSingleKeys })}
        >
          Single letters act
        </Choice>
      </Menu.Dropdown>
    </Menu>
  );
}

function Choice({ isOn, onPick, children }: { isOn: boolean; onPick: () => void; children: string }) {
  return (
    <Menu.Item
      role="menuitemcheckbox"
      aria-checked={isOn}
      closeMenuOnClick={false}
      onClick={onPick}
      leftSection={<span className={classes.tick}>{isOn ? '✓' : ''}</span>}
    >
      {children}
    </Menu.Item>
  );
}

function SwitchItems({ myId }: { myId: string }) {
  const engine = useEngine();
  const queryClient = useQueryClient();
  const { data } = useWorkspace();
  const people = usePeople();
  if (data?.canSwitchPerson !== true) return null;
  const switchTo = async (personId: string) => {
    try {
      await engine.workspace.signIn({ personId });
      useUndoStack.getState().clear();
      await queryClient.resetQueries();
    } catch (error) {
      const words = wordsOf(error, 'Switching person');
      useToasts.getState().show({ kind: 'problem', text: words.happened, todo: words.todo });
    }
  };
  return (
    <>
      <Menu.Label>Who sits here</Menu.Label>
      <div className={classes.personList}>
        {[...people.values()].map((person) => (
          <Menu.Item
            key={person.id}
            onClick={() => void switchTo(person.id)}
            leftSection={<span className={classes.tick}>{person.id === myId ? '✓' : ''}</span>}
            rightSection={<span className="ew-muted ew-small">{TIER_WORDS[person.tier]}</span>}
          >
            <bdi>{person.name}</bdi>
          </Menu.Item>
        ))}
      </div>
      <Menu.Divider />
    </>
  );
}
