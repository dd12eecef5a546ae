import { useQueryClient } from '@tanstack/react-query';
import { useEngine } from './engine.tsx';
import { wordsOf } from './error-words.ts';
import { useToasts } from './toasts.ts';
import { useUndoStack } from './undo-stack.ts';

/** Lets another person take the desk: nothing of the last one stays on the screen. Answers whether it went well. */
export function useSwitchPerson(): (personId: string) => Promise<boolean> {
  const engine = useEngine();
  const queryClient = useQueryClient();
  return async (personId) => {
    try {
      await engine.workspace.signIn({ personId });
      useUndoStack.getState().clear();
      useToasts.setState({ toasts: [] });
      await queryClient.resetQueries();
      return true;
    } catch (error) {
      const words = wordsOf(error, 'Switching person');
      useToasts.getState().show({ kind: 'problem', text: words.happened, todo: words.todo });
      return false;
    }
  };
}
