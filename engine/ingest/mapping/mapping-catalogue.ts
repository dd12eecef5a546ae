import { parseMapping } from '../../../shared/domain/mapping/parse-mapping.ts';
import type { AlertFormat } from '../format.ts';
import { BUILT_IN, catalogueOf, FORMATS, type FormatCatalogue, type MappingTexts } from '../formats/index.ts';
import { compileMapping } from './compile-mapping.ts';

/**
 * The formats of a workspace: its mappings first, since whoever wrote one knows their records, then those of the
 * program. The same texts give the same catalogue on every thread. Earlier mappings are compiled when they are asked
 * for, and one that this program no longer understands is passed over.
 */
export function catalogueOfMappings(texts: MappingTexts): FormatCatalogue {
  if (texts.inForce.length + texts.earlier.length === 0) return BUILT_IN;
  const formats = texts.inForce.flatMap((text) => compiled(text) ?? []);
  let byName: Map<string, AlertFormat[]> | null = null;
  const earlier = (name: string): readonly AlertFormat[] => {
    byName ??= Map.groupBy(
      texts.earlier.flatMap((text) => compiled(text) ?? []),
      (format) => format.name,
    );
    return byName.get(name) ?? [];
  };
  return catalogueOf([...formats, ...FORMATS], { texts, earlier });
}

function compiled(text: string): AlertFormat | null {
  const { mapping } = parseMapping(text);
  return mapping === null ? null : compileMapping(mapping);
}
