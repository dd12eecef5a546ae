import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, linter, lintGutter, lintKeymap } from '@codemirror/lint';
import { EditorState, type Text } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import { styleNonce } from '../../nonce.ts';
import { checkLocally } from './rule-check.ts';
import { completeRule } from './rule-completion.ts';
import classes from './rules.module.css';

const LINT_AFTER_MS = 150;
/** As many as are seen without scrolling; the arrow keys reach the others. */
const COMPLETIONS_SHOWN = 10;

/**
 * The text of a rule, with completion and marks under what is wrong. Tab leaves the editor after Escape, as the note
 * below it says: somebody without a mouse must be able to go on.
 */
export function RuleEditor({
  text,
  onChange,
  label,
}: {
  /** Where the editor begins. Later changes come from the editor itself. */
  text: string;
  onChange: (text: string) => void;
  label: string;
}) {
  const parent = useRef<HTMLDivElement>(null);
  const begin = useRef(text);
  const change = useRef(onChange);
  change.current = onChange;
  useEffect(() => {
    if (parent.current === null) return;
    const view = new EditorView({ parent: parent.current, state: stateOf(begin.current, label, change) });
    view.focus();
    return () => view.destroy();
  }, [label]);
  return (
    <div className={classes.editor}>
      <div ref={parent} />
      <p className="ew-muted ew-small">Ctrl and space completes. Escape, then Tab leaves the editor.</p>
    </div>
  );
}

function stateOf(doc: string, label: string, change: { current: (text: string) => void }): EditorState {
  return EditorState.create({
    doc,
    extensions: [
      EditorView.cspNonce.of(styleNonce),
      lineNumbers(),
      history(),
      drawSelection(),
      highlightActiveLine(),
      bracketMatching(),
      closeBrackets(),
      indentUnit.of('  '),
      yaml(),
      syntaxHighlighting(classHighlighter),
      EditorView.lineWrapping,
      autocompletion({ override: [completeRule], icons: false, maxRenderedOptions: COMPLETIONS_SHOWN }),
      lintGutter(),
      linter((view) => diagnosticsOf(view.state.doc), { delay: LINT_AFTER_MS }),
      keymap.of([...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
      EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
      EditorView.domEventHandlers({ beforeinput: typeOverSelection }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) change.current(update.state.doc.toString());
      }),
    ],
  });
}

/**
 * What is typed over a selection is put in by the editor itself: the browser would give it the colour of what it
 * replaces as an inline style, which the page's policy refuses.
 */
function typeOverSelection(event: InputEvent, view: EditorView): boolean {
  const { main, ranges } = view.state.selection;
  const text = event.data;
  if (event.inputType !== 'insertText' || event.isComposing || text === null || main.empty || ranges.length > 1) {
    return false;
  }
  const insert = () => view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type' });
  const handlers = view.state.facet(EditorView.inputHandler);
  if (!handlers.some((handle) => handle(view, main.from, main.to, text, insert))) view.dispatch(insert());
  return true;
}

function diagnosticsOf(doc: Text): Diagnostic[] {
  return checkLocally(doc.toString()).map(({ level, line, column, message }): Diagnostic => {
    const at = doc.line(Math.min(Math.max(1, line), doc.lines));
    const from = Math.min(at.from + column - 1, at.to);
    return { from, to: at.to, severity: level, message };
  });
}
