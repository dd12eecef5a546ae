import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { contract } from '../../../shared/contract/index.ts';

let made: Promise<string> | null = null;

/** The contract as an OpenAPI document, for those who write their own clients. Made once, when first asked for. */
export function openApiDocument(): Promise<string> {
  made ??= new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
    .generate(contract, { info: { title: 'Evenwatch', version: '1' }, servers: [{ url: '/api' }] })
    .then((document) => JSON.stringify(document));
  return made;
}
