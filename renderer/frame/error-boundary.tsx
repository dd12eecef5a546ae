import { Component, type ReactNode } from 'react';
import { ErrorState } from '../ui/error-state.tsx';
import { ScreenNotLoaded, ScreenNotLoadedState } from './screen-not-loaded.tsx';

interface Props {
  /** What is lost when this part fails: "This screen". */
  what: string;
  children: ReactNode;
}

interface State {
  failed: boolean;
  isNotLoaded: boolean;
}

/** Keeps a fault of one part from taking the window with it. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { failed: false, isNotLoaded: false };

  static getDerivedStateFromError(error: unknown): State {
    return { failed: true, isNotLoaded: error instanceof ScreenNotLoaded };
  }

  override componentDidCatch(error: unknown): void {
    console.error(error);
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    if (this.state.isNotLoaded) return <ScreenNotLoadedState />;
    return (
      <ErrorState
        error={{
          happened: `${this.props.what} stopped because of a fault in the program.`,
          means: 'Nothing that you decided is lost: decisions are kept by the engine, not by this window.',
          todo: 'Try again. If it comes back, load the window anew and tell whoever looks after Evenwatch.',
          correlationId: null,
        }}
        onRetry={() => this.setState({ failed: false, isNotLoaded: false })}
      />
    );
  }
}
