/** As a `ref`: focuses what somebody goes on from when a form comes into being under their hands, once. */
export function focusOnMount(element: HTMLElement | null): void {
  element?.focus();
}
