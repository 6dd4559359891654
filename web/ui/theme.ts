/**
 * The tokens, once: colours, type, space and radius of every page of this product, light and dark (screens.md §2).
 * They reach CSS as variables (`--ink`, `--page`, …) through `tokens.css`, which this file must agree with, and
 * reach Mantine through `theme` and `cssVariables`.
 */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

const ink: MantineColorsTuple = [
  '#ECEFFA',
  '#D5DDF5',
  '#C3CFFA',
  '#A9BAF6',
  '#8398E4',
  '#6079CF',
  '#425BB5',
  '#2A4196',
  '#1F3277',
  '#172558',
]

export const theme = createTheme({
  colors: { ink },
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 3 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  black: '#171C2B',
  white: '#FFFFFF',
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  headings: { fontWeight: '600' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '18px', md: '20px', lg: '24px', xl: '28px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '4px', sm: '6px', md: '10px', lg: '14px', xl: '24px' },
  defaultRadius: 'md',
  respectReducedMotion: true,
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' }, centered: true } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' }, position: 'right', size: 460 } },
    Tooltip: { defaultProps: { openDelay: 300, withinPortal: true } },
    Skeleton: { defaultProps: { animate: false } },
    Select: { defaultProps: { checkIconPosition: 'right' } },
  },
})

/** Mantine's own few colours, from our tokens: they follow light and dark by themselves. */
export const cssVariables: CSSVariablesResolver = () => {
  const both = {
    '--mantine-color-body': 'var(--page)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink3)',
    '--mantine-color-placeholder': 'var(--ink3)',
    '--mantine-color-default': 'var(--page)',
    '--mantine-color-default-hover': 'var(--soft)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--edge)',
    '--mantine-color-error': 'var(--red)',
    '--mantine-color-anchor': 'var(--prim)',
  }
  return { variables: {}, light: both, dark: both }
}
