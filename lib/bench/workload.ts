import { UsageError } from '../commands/command';

/** What the benchmark repeats: a training step, or a part of one alone. */
export interface Workload {
  /** Whose steps or layers; 'none': a loss alone, on random embeddings [batch, 64], or a projection. */
  network: 'mnist' | 'fashion' | 'none';
  /**
   * A strategy of `objective` where a network is trained, the name of an `Operation` where its layers
   * are measured, a method where points are projected, else the name of one of `LOSS_FORMS` or
   * `RANKING_FORMS`.
   */
  loss: string;
  /** Images or embeddings in a batch, or points that are projected. */
  batch: number;
  /** Threads inside one operation, or one projection. */
  threads: number;
}

/** The properties of a workload, each of which `--only` may restrict. */
const PROPERTIES = ['network', 'loss', 'batch', 'threads'] as const;

/** All combinations of the values given, the last property changing fastest. */
export function workloads(values: {
  [Property in keyof Workload]: readonly Workload[Property][];
}): Workload[] {
  return values.network.flatMap((network) =>
    values.loss.flatMap((loss) =>
      values.batch.flatMap((batch) =>
        values.threads.map((threads) => ({ network, loss, batch, threads })),
      ),
    ),
  );
}

/**
 * The workloads that agree with all terms: terms of one property are alternatives, and a property
 * without a term is free.
 *
 * @param terms values of properties, such as 'mnist', 'batch_all', '64'
 * @throws UsageError when a term is a value of no workload, or no workload agrees with all of them
 */
export function select(all: readonly Workload[], terms: readonly string[]): Workload[] {
  const known = new Set(
    all.flatMap((workload) => PROPERTIES.map((name) => String(workload[name]))),
  );
  for (const term of terms) {
    if (!known.has(term)) {
      throw new UsageError(`--only must be some of ${[...known].join(', ')}; got '${term}'`);
    }
  }
  const selected = PROPERTIES.reduce<readonly Workload[]>((rest, property) => {
    const wanted = terms.filter((term) => all.some((workload) => is(workload, property, term)));
    return wanted.length === 0
      ? rest
      : rest.filter((workload) => wanted.some((term) => is(workload, property, term)));
  }, all);
  if (selected.length === 0) throw new UsageError(`--only ${terms.join(',')} leaves nothing`);
  return [...selected];
}

function is(workload: Workload, property: keyof Workload, term: string): boolean {
  return String(workload[property]) === term;
}

/** A workload in words: 'mnist, batch_all, batch 64, 1 thread'. */
export function describeWorkload({ network, loss, batch, threads }: Workload): string {
  const network_ = network === 'none' ? [] : [network];
  return [...network_, loss, `batch ${batch}`, `${threads} thread${threads > 1 ? 's' : ''}`].join(
    ', ',
  );
}
