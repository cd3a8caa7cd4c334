import { conclusionOf } from '../conclude';
import type { Notebook } from '../notebook';

/** Stands in the place of a provenance that there is not. */
const UNFINISHED = 'not run to its end, so nothing is on record of where its figures come from';

/**
 * How the results of an executed notebook came about, for the foot of its report: what `conclude`
 * left there, and the further runs that the notebook shows.
 */
export function provenanceOf(notebook: Notebook): Record<string, string> {
  const conclusion = conclusionOf(notebook);
  if (conclusion === undefined) return { notebook: UNFINISHED };
  const provenance = Object.fromEntries(
    conclusion.provenance.map(({ name, value }) => [name, value]),
  );
  const others = conclusion.runs.filter((id) => id !== provenance.run);
  return others.length === 0 ? provenance : { ...provenance, 'further runs': others.join(', ') };
}
