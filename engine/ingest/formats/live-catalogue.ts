import type { JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat } from '../format.ts';
import type { FormatCatalogue, MappingTexts } from './index.ts';

/** The formats of a workspace while it is open: replaced whole when a mapping file changes. */
export class LiveCatalogue implements FormatCatalogue {
  #now: FormatCatalogue;

  constructor(first: FormatCatalogue) {
    this.#now = first.now;
  }

  /** From here on everybody reads by `next`; whoever took `now` before finishes what they began. */
  replace(next: FormatCatalogue): void {
    this.#now = next.now;
  }

  get now(): FormatCatalogue {
    return this.#now;
  }

  get formats(): readonly AlertFormat[] {
    return this.#now.formats;
  }

  get mappings(): MappingTexts {
    return this.#now.mappings;
  }

  named(name: string): AlertFormat | null {
    return this.#now.named(name);
  }

  earlier(name: string): readonly AlertFormat[] {
    return this.#now.earlier(name);
  }

  recognise(record: JsonObject): AlertFormat | null {
    return this.#now.recognise(record);
  }

  isToldByKeys(record: JsonObject, format: AlertFormat): boolean {
    return this.#now.isToldByKeys(record, format);
  }
}
