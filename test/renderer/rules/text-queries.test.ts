import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import type { EngineClient } from '../../../renderer/client/client.ts';
import { checkQuery, previewQuery } from '../../../renderer/features/rules/text-queries.ts';
import { type ChangeKind, STALE_AFTER } from '../../../renderer/state/query-keys.ts';

/** An editor with one text, and how often the engine was asked about it. */
async function openEditor(text: string) {
  const asked = { check: 0, preview: 0 };
  const count = (call: keyof typeof asked) => async () => {
    asked[call] += 1;
    return null;
  };
  // Only the two calls that these queries make are there.
  const engine = { rules: { check: count('check'), preview: count('preview') } } as unknown as EngineClient;
  const client = new QueryClient();
  const stops = [
    new QueryObserver(client, { ...checkQuery(engine, text) }).subscribe(() => {}),
    new QueryObserver(client, { ...previewQuery(engine, text) }).subscribe(() => {}),
  ];
  const settle = async () => {
    while (client.isFetching() > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  await settle();
  return {
    asked,
    /** As the screens do when the feed says that something of this kind changed. */
    change: async (kind: ChangeKind) => {
      for (const key of STALE_AFTER[kind]) void client.invalidateQueries({ queryKey: [key] });
      await settle();
    },
    close: () => {
      for (const stop of stops) stop();
      client.clear();
    },
  };
}

test('a text is not checked and tried anew at each alert, but when lists or rules change', async () => {
  const editor = await openEditor('title: A');
  expect(editor.asked).toEqual({ check: 1, preview: 1 });
  for (const kind of ['alert', 'group', 'escalation', 'source', 'band'] as const) await editor.change(kind);
  expect(editor.asked).toEqual({ check: 1, preview: 1 });
  await editor.change('rule');
  expect(editor.asked).toEqual({ check: 2, preview: 1 });
  await editor.change('lists');
  expect(editor.asked).toEqual({ check: 3, preview: 2 });
  editor.close();
});

test('the newest alerts are tried again after some seconds, and not while there is no text', () => {
  const engine = {} as EngineClient;
  expect(previewQuery(engine, 'title: A').refetchInterval).toBeGreaterThanOrEqual(5_000);
  expect(previewQuery(engine, null).refetchInterval).toBe(false);
});
