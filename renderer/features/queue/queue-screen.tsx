import { EmptyState } from '../../ui/empty-state.tsx';

export default function QueueScreen() {
  return <EmptyState title="Queue" />;
}
