import { MantineProvider } from '@mantine/core';
import { useColorScheme } from '@mantine/hooks';
import { type ReactNode, useLayoutEffect } from 'react';
import { useViewSettings } from '../state/view-settings.ts';
import { resolveVariables, theme } from '../ui/theme.ts';

/** Theme, density and the nonce for styles: what everything that is drawn stands on. */
export function Look({ styleNonce, children }: { styleNonce: string; children: ReactNode }) {
  const wanted = useViewSettings((settings) => settings.theme);
  const density = useViewSettings((settings) => settings.density);
  const system = useColorScheme('light', { getInitialValueInEffect: false });
  const scheme = wanted === 'auto' ? system : wanted;
  useLayoutEffect(() => {
    document.documentElement.dataset.density = density;
  }, [density]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveVariables}
      forceColorScheme={scheme}
      getStyleNonce={() => styleNonce}
    >
      {children}
    </MantineProvider>
  );
}
