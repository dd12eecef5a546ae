import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** Shade 7 carries the light scheme and shade 4 the dark one; the other shades are steps between. */
const teal: MantineColorsTuple = [
  '#e6f5f4',
  '#cdebe8',
  '#9fdcd6',
  '#74d6cc',
  '#4fd1c5',
  '#2fb3a8',
  '#158c86',
  '#0a736e',
  '#085c58',
  '#064744',
];

/** The component library dressed in our tokens: one accent, one radius, small controls, no shadow where a border does. */
export const theme = createTheme({
  colors: { teal },
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 4 },
  fontFamily: 'var(--ew-sans)',
  fontFamilyMonospace: 'var(--ew-mono)',
  fontSizes: { xs: 'var(--ew-font)', sm: 'var(--ew-font)', md: 'var(--ew-font)', lg: '16px', xl: '20px' },
  fontWeights: { regular: '400', medium: '600', bold: '600' },
  radius: { xs: '2px', sm: '4px', md: '4px', lg: '6px', xl: '8px' },
  defaultRadius: 'sm',
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  headings: { fontFamily: 'var(--ew-sans)', fontWeight: '600' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: {
      defaultProps: { size: 'xs', variant: 'default' },
      // Only the one primary action of a place is set in bold.
      styles: (_theme: unknown, props: { variant?: string }) => ({
        root: { fontWeight: props.variant === 'filled' ? 600 : 400 },
      }),
      vars: (_theme: unknown, props: { variant?: string }) => ({
        root: props.variant === 'filled' ? { '--button-color': 'var(--ew-on-accent)' } : {},
      }),
    },
    TextInput: { defaultProps: { size: 'xs' } },
    NativeSelect: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs', iconColor: 'var(--ew-on-accent)' } },
    SegmentedControl: { defaultProps: { size: 'xs', transitionDuration: 0 } },
    Tooltip: { defaultProps: { openDelay: 400, events: { hover: true, focus: true, touch: false }, multiline: true } },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } },
    Popover: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } },
    Modal: { defaultProps: { transitionProps: { duration: 120 }, centered: true } },
  },
});

/** Points the library's own variables at our tokens, so that both agree in both schemes. */
export const resolveVariables: CSSVariablesResolver = () => {
  const both = {
    '--mantine-color-body': 'var(--ew-ground)',
    '--mantine-color-text': 'var(--ew-text)',
    '--mantine-color-dimmed': 'var(--ew-muted)',
    '--mantine-color-placeholder': 'var(--ew-muted)',
    '--mantine-color-anchor': 'var(--ew-accent)',
    '--mantine-color-error': 'var(--ew-red)',
    '--mantine-color-default': 'var(--ew-raised)',
    '--mantine-color-default-hover': 'var(--ew-hover)',
    '--mantine-color-default-color': 'var(--ew-text)',
    '--mantine-color-default-border': 'var(--ew-line-strong)',
    '--mantine-color-teal-filled': 'var(--ew-accent)',
    '--mantine-color-teal-text': 'var(--ew-accent)',
    '--mantine-primary-color-filled': 'var(--ew-accent)',
    '--mantine-primary-color-contrast': 'var(--ew-on-accent)',
    '--mantine-shadow-md': 'var(--ew-shadow)',
    '--mantine-shadow-sm': 'var(--ew-shadow)',
  };
  // The library draws fields, menus and tracks of the dark scheme in its own greys, which are brown beside ours.
  const dark = {
    ...both,
    '--mantine-color-dark-4': 'var(--ew-line-strong)',
    '--mantine-color-dark-5': 'var(--ew-line)',
    '--mantine-color-dark-6': 'var(--ew-raised)',
    '--mantine-color-dark-7': 'var(--ew-ground)',
    '--mantine-color-dark-8': 'var(--ew-frame)',
  };
  return { variables: { '--mantine-line-height': '1.45' }, light: both, dark };
};
