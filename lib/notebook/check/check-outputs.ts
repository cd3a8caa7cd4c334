import { trainingRevision } from '../../experiment/identity';
import { conclusionOf } from '../conclude';
import { isExecuted, type Notebook } from '../notebook';
import { executableCells, type Problem } from './problem';

const RUN_AGAIN = 'run it from first cell to last, as tripletlab notebooks --save does';

/**
 * What is wrong with the outputs of an executed notebook: cells out of order, errors, numbers of
 * another training revision than this library's. One that has not been run has this one problem.
 */
export function checkOutputs(notebook: Notebook): Problem[] {
  return isExecuted(notebook)
    ? [...outOfOrder(notebook), ...errors(notebook), ...otherRevision(notebook)]
    : [{ found: 'never run', advice: RUN_AGAIN }];
}

/** The first cell whose count is not its place: those after it are off for the same reason. */
function outOfOrder(notebook: Notebook): Problem[] {
  const cells = executableCells(notebook);
  const index = cells.findIndex(({ execution_count: count }, i) => count !== i + 1);
  if (index < 0) return [];
  const count = cells[index].execution_count;
  const found = count === null ? 'not run' : `run as number ${count}, not ${index + 1}`;
  return [{ cell: index + 1, found, advice: RUN_AGAIN }];
}

function errors(notebook: Notebook): Problem[] {
  return executableCells(notebook).flatMap(({ outputs }, index) =>
    outputs
      .filter((output) => output.output_type === 'error')
      .map(({ ename, evalue }) => ({
        cell: index + 1,
        found: `failed with ${ename}: ${evalue.split('\n')[0]}`,
        advice: 'mend what failed and run the notebook again',
      })),
  );
}

function otherRevision(notebook: Notebook): Problem[] {
  const conclusion = conclusionOf(notebook);
  if (conclusion === undefined) {
    return [{ found: 'concludes nothing', advice: 'end it with conclude(...), and run it' }];
  }
  const said = (what: string) => conclusion.provenance.find(({ name }) => name === what);
  // What comes from the data alone does not depend on how networks are trained.
  if (said('run') === undefined) return [];
  const entry = said('training revision');
  if (entry?.value === String(trainingRevision)) return [];
  const found = `run with training revision ${entry?.value ?? 'unknown'}, the library has ${trainingRevision}`;
  return [{ found, advice: RUN_AGAIN }];
}
