import { z } from 'zod';
import { create } from 'zustand';

const settingsSchema = z.object({
  theme: z.enum(['light', 'dark', 'auto']).catch('auto'),
  density: z.enum(['dense', 'comfortable']).catch('dense'),
  zone: z.enum(['utc', 'local']).catch('utc'),
  isRailFolded: z.boolean().catch(false),
  /** Null: folded where the window is narrow. */
  isFacetsFolded: z.boolean().nullable().catch(null),
  isDetailShown: z.boolean().catch(true),
  /** Width of the detail panel as a share of the window, 0.25 to 0.6. */
  detailShare: z.number().min(0.25).max(0.6).catch(0.4),
  /** Off: only keys with Ctrl, arrows, Enter and Esc act (WCAG 2.1.4). */
  hasSingleKeys: z.boolean().catch(true),
  /** Keys that this person gave an action, by the action's name. */
  keyOverrides: z.record(z.string(), z.array(z.string())).catch({}),
});
export type ViewSettings = z.infer<typeof settingsSchema>;

interface ViewSettingsStore extends ViewSettings {
  personId: string | null;
  /** Takes the settings of this person from this machine. */
  loadFor: (personId: string | null) => void;
  change: (part: Partial<ViewSettings>) => void;
}

const LAST = 'evenwatch.view.last';
const keyOf = (personId: string | null) => `evenwatch.view.${personId ?? 'anyone'}`;

function read(key: string): ViewSettings | null {
  try {
    const text = localStorage.getItem(key);
    return text === null ? null : settingsSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function write(key: string, settings: ViewSettings): void {
  try {
    localStorage.setItem(key, JSON.stringify(settings));
  } catch {
    // A full or forbidden store only means that the view is forgotten at the next start.
  }
}

/** How this person wants to see things on this machine. Kept for each person; a desk is shared. */
export const useViewSettings = create<ViewSettingsStore>()((set, get) => ({
  ...(read(LAST) ?? settingsSchema.parse({})),
  personId: null,
  loadFor: (personId) => {
    const kept = read(keyOf(personId));
    // Whoever sits here for the first time finds the desk as it looks, with the keys as they come with the program.
    set(kept === null ? { keyOverrides: {}, hasSingleKeys: true, personId } : { ...kept, personId });
  },
  change: (part) => {
    set(part);
    const settings = settingsSchema.parse(get());
    write(keyOf(get().personId), settings);
    write(LAST, settings);
  },
}));
