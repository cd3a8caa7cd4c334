import {
  classColor,
  classColorOnDark,
  darkInk,
  darkRoleColors,
  ink,
  roleColors,
} from '../../figure/palette';

/** The colours of a plot, which a canvas cannot take from a style sheet. */
export interface Theme {
  dark: boolean;
  text: string;
  ground: string;
  /** Of points that the filters hold back. */
  faint: string;
  right: string;
  wrong: string;
  classColor(label: number): string;
}

const LIGHT: Theme = {
  dark: false,
  text: ink.text,
  ground: ink.ground,
  faint: '#dfe3e7',
  right: roleColors.right,
  wrong: roleColors.wrong,
  classColor,
};

const DARK: Theme = {
  dark: true,
  text: darkInk.text,
  ground: darkInk.ground,
  faint: '#2b3036',
  right: darkRoleColors.right,
  wrong: darkRoleColors.wrong,
  classColor: classColorOnDark,
};

/** Where JupyterLab, and pages made from notebooks, say 'true' for light, 'false' for dark. */
const STATED = 'data-jp-theme-light';

/** The theme of the page: the one that Jupyter states, else the one that the system prefers. */
export function currentTheme(): Theme {
  const stated = document.body.getAttribute(STATED);
  const dark = stated === null ? systemPrefersDark().matches : stated === 'false';
  return dark ? DARK : LIGHT;
}

/**
 * Calls `onChange` when the page may have another theme. It is held weakly, so that an explorer whose
 * output is gone can be forgotten: whoever passes it must keep it.
 */
export function watchTheme(onChange: () => void): void {
  const held = new WeakRef(onChange);
  const system = systemPrefersDark();
  const page = new MutationObserver(tell);
  function tell(): void {
    const listener = held.deref();
    if (listener) {
      listener();
    } else {
      page.disconnect();
      system.removeEventListener('change', tell);
    }
  }
  page.observe(document.body, { attributeFilter: [STATED] });
  system.addEventListener('change', tell);
}

function systemPrefersDark(): MediaQueryList {
  return matchMedia('(prefers-color-scheme: dark)');
}
