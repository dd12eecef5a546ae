import { Component, type ReactNode } from 'react';
import { ErrorState } from '../ui/error-state.tsx';

interface Props {
  /** What is lost when this part fails: "This screen". */
  what: string;
  children: ReactNode;
}

/** Keeps a fault of one part from taking the window with it. */
export class ErrorBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    console.error(error);
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <ErrorState
        error={{
          happened: `${this.props.what} stopped because of a fault in the program.`,
          means: 'Nothing that you decided is lost: decisions are kept by the engine, not by this window.',
          todo: 'Try again. If it comes back, load the window anew and tell whoever looks after Evenwatch.',
          correlationId: null,
        }}
        onRetry={() => this.setState({ failed: false })}
      />
    );
  }
}
