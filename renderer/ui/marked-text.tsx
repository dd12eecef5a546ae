import classes from './hostile.module.css';
import { splitHidden } from './hostile.ts';

/** One run of hostile text with hidden characters as labelled marks. Never markup, never a link. */
export function MarkedText({ text, isMultiline = false }: { text: string; isMultiline?: boolean }) {
  return splitHidden(text, isMultiline).map((part, at) =>
    part.hidden === null ? (
      part.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one immutable string
      <span key={at} className={classes.mark} title="A character that cannot be seen, made visible here">
        {part.hidden}
      </span>
    ),
  );
}
