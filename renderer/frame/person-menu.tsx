import { Menu } from '@mantine/core';
import { ActionKey, useKeyRegistry } from '../keys/use-keys.tsx';
import { useSwitchPerson } from '../state/use-switch-person.ts';
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
  const registry = useKeyRegistry();
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
        <Menu.Item
          leftSection={<span className={classes.tick} />}
          rightSection={<ActionKey action="help" />}
          onClick={() => registry.run('help')}
        >
          All keys
        </Menu.Item>
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
  const { data } = useWorkspace();
  const people = usePeople();
  const switchTo = useSwitchPerson();
  if (data?.canSwitchPerson !== true) return null;
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
