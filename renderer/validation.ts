import { config } from 'zod';

/**
 * The content security policy lets no text become code, so the schemas are told not to try. Imported before any of them
 * is made, because each tries once when it is.
 */
config({ jitless: true });
