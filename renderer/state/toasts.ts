import { create } from 'zustand';
import type { ToastView } from '../ui/toast-stack.tsx';

/** A decision can be taken back from its toast for this long; from the keyboard for as long as the session lives. */
const DONE_MS = 10_000;
const SHOWN_MAX = 3;

interface ToastStore {
  toasts: ToastView[];
  show: (toast: Omit<ToastView, 'id' | 'todo' | 'action'> & Partial<Pick<ToastView, 'todo' | 'action'>>) => string;
  dismiss: (id: string) => void;
}

/** Problems stay until they are dismissed; everything else goes by itself. */
export const useToasts = create<ToastStore>()((set, get) => ({
  toasts: [],
  show: (toast) => {
    const id = crypto.randomUUID();
    // A new outcome takes the place of the last: one "Undo" on the screen, and it is of the newest decision.
    const others = toast.kind === 'done' ? get().toasts.filter(({ kind }) => kind !== 'done') : get().toasts;
    set({ toasts: [...others.slice(1 - SHOWN_MAX), { todo: null, action: null, ...toast, id }] });
    if (toast.kind !== 'problem') setTimeout(() => get().dismiss(id), DONE_MS);
    return id;
  },
  dismiss: (id) => set({ toasts: get().toasts.filter((toast) => toast.id !== id) }),
}));
