import { useToasts } from '../state/toasts.ts';
import { ToastStack } from '../ui/toast-stack.tsx';

export function Toasts() {
  const { toasts, dismiss } = useToasts();
  return <ToastStack toasts={toasts} onDismiss={dismiss} />;
}
