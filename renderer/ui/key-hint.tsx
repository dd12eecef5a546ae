import classes from './badges.module.css';

const NAMES: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  Escape: 'Esc',
  ' ': 'Space',
};

/** Draws a key chord as the person reads it: `Shift+z`, or a sequence such as `g q`. */
export function KeyHint({ keys }: { keys: string }) {
  const steps = keys === ' ' ? [' '] : keys.split(' ');
  return (
    <span className={classes.keys} aria-hidden>
      {steps.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the steps of one chord never change order
        <kbd className={classes.key} key={at}>
          {step
            .split('+')
            .map((part) => NAMES[part] ?? (part.length === 1 ? part : part))
            .join(' ')}
        </kbd>
      ))}
    </span>
  );
}
