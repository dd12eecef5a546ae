import { Button, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import classes from './actions.module.css';

/** One field and its verb: a question, a note, a tag, a reason. Enter sends one line, Ctrl+Enter many. */
export function TextForm({
  title,
  label,
  placeholder,
  verb,
  min,
  max,
  isLong = false,
  children,
  onSend,
}: {
  title: string;
  label: string;
  placeholder: string;
  verb: string;
  min: number;
  max: number;
  isLong?: boolean;
  children?: ReactNode;
  onSend: (text: string) => void;
}) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    const trimmed = text.trim();
    if (trimmed.length < min) setProblem(`Write at least ${min} ${min === 1 ? 'letter' : 'letters'}.`);
    else onSend(trimmed);
  };
  return (
    <form className={classes.choices} style={{ gap: 12 }} onSubmit={send}>
      <p className={classes.title}>{title}</p>
      {isLong ? (
        <Textarea
          data-autofocus
          label={label}
          placeholder={placeholder}
          autosize
          minRows={3}
          maxRows={10}
          maxLength={max}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
          }}
        />
      ) : (
        <TextInput
          data-autofocus
          label={label}
          placeholder={placeholder}
          maxLength={max}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      {children}
      {problem === null ? null : (
        <p role="alert" className={classes.problem}>
          {problem}
        </p>
      )}
      <div className={classes.foot}>
        <Button type="submit" variant="filled">
          {verb}
        </Button>
        <span className="ew-muted ew-small">{isLong ? 'Ctrl+Enter sends' : 'Enter sends'}, Esc leaves it</span>
      </div>
    </form>
  );
}
