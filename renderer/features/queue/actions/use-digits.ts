import { useWindowEvent } from '@mantine/hooks';

/** Calls with 1 to 9 for a digit that is pressed while no field is being typed in. */
export function useDigits(onDigit: (digit: number) => void): void {
  useWindowEvent('keydown', (event) => {
    const target = event.target;
    const isTyping = target instanceof HTMLElement && target.closest('input, textarea, select') !== null;
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
    event.preventDefault();
    onDigit(Number(event.key));
  });
}
