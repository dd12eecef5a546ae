/**
 * The nonce of this page's content security policy, put into index.html by whoever serves it. Style tags that
 * libraries write carry it. Imported before everything else, because one of them reads the global once.
 */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';

declare global {
  // The name under which react-remove-scroll's style writer looks for it.
  var __webpack_nonce__: string | undefined;
}
globalThis.__webpack_nonce__ = styleNonce;
