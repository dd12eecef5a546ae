import { useState } from 'react';
import { KeyHelp } from '../features/key-help/key-help.tsx';
import { Palette } from '../features/palette/palette.tsx';
import { useKeys } from '../keys/use-keys.tsx';
import { useDecide } from '../state/use-decide.ts';

/** What works on every screen: the palette, all keys, undo and redo. */
export function CommandLayer() {
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  const decide = useDecide();
  useKeys({
    palette: () => setOpen('palette'),
    help: () => setOpen('help'),
    undo: () => void decide.undo(),
    redo: () => void decide.redo(),
  });
  const close = () => setOpen(null);
  return (
    <>
      {open === 'palette' ? <Palette onClose={close} /> : null}
      {open === 'help' ? <KeyHelp onClose={close} /> : null}
    </>
  );
}
