import { firstLine } from '../../data/first-line';

/**
 * ok: it is there and works; missing: something of the project needs it, and `detail` says what to do;
 * optional: it is not there, and nothing needs it.
 */
export type Mark = 'ok' | 'missing' | 'optional';

/** What was found. */
export interface Finding {
  mark: Mark;
  /** One line: which version and where, or what to do. */
  detail: string;
}

/** Something of this machine that was looked at. */
export interface MachineCheck extends Finding {
  /** Its name. */
  what: string;
  /** Whether nothing works without it. */
  essential: boolean;
}

/** A check as a line of text, in columns. */
export function lineOf({ mark, what, essential, detail }: MachineCheck): string {
  return `${mark.padEnd(8)}  ${(what + (essential ? ' *' : '')).padEnd(18)}  ${detail}`;
}

export function ok(detail: string): Finding {
  return { mark: 'ok', detail };
}

export function missing(detail: string): Finding {
  return { mark: 'missing', detail };
}

export function optional(detail: string): Finding {
  return { mark: 'optional', detail };
}

/** Something to look at. */
export interface Question {
  what: string;
  essential?: boolean;
  /** An error that it throws is a finding: 'missing', with the error's first line. */
  look: () => Finding | Promise<Finding>;
}

/** Looks, whatever happens. */
export async function answer({ what, essential = false, look }: Question): Promise<MachineCheck> {
  try {
    return { what, essential, ...(await look()) };
  } catch (error) {
    return { what, essential, ...missing(firstLine(error)) };
  }
}
