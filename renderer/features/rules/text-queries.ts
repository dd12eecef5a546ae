import { queryOptions } from '@tanstack/react-query';
import type { EngineClient } from '../../client/client.ts';
import { keys } from '../../state/query-keys.ts';

/** While nobody types, the newest alerts are tried so often, and not at each one that comes in. */
const TRIED_EVERY_MS = 15_000;
/** Texts that were typed over are soon forgotten. */
const KEPT_MS = 10_000;

/** What the engine says of a text: faults that only it knows, and what the text's examples come to. */
export function checkQuery(engine: EngineClient, text: string) {
  return queryOptions({
    queryKey: keys.ruleCheck(text),
    queryFn: () => engine.rules.check({ document: text }),
    retry: false,
    gcTime: KEPT_MS,
  });
}

/** What a text would do on the newest alerts; null while there is none that can be read. */
export function previewQuery(engine: EngineClient, document: string | null) {
  return queryOptions({
    queryKey: keys.rulePreview(document),
    queryFn: () => (document === null ? null : engine.rules.preview({ document })),
    refetchInterval: document === null ? false : TRIED_EVERY_MS,
    retry: false,
    gcTime: KEPT_MS,
  });
}
