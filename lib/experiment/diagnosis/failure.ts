import type { Finding, RunRecord } from './finding';

/** How training says that a metric is not a finite number. */
const NOT_FINITE = /\bis (NaN|-?Infinity) at step \d+/;

/** A run that ended with an error, and metrics that are not finite. */
export function failure(run: RunRecord): Finding[] {
  const failed = run.status === 'failed';
  const error = run.error ?? 'no reason is on record';
  const wrong = firstNotFinite(run) ?? (failed && NOT_FINITE.test(error) ? error : undefined);
  if (wrong !== undefined) return [notFinite(wrong)];
  if (!failed) return [];
  return [
    {
      kind: 'failed',
      severity: 'problem',
      seen: asSentence(`The run ended with an error: ${error}`),
      why: 'What is on record ends before the training did.',
      tryNext: 'Mend what the error names, and run the configuration again.',
    },
  ];
}

function notFinite(seen: string): Finding {
  return {
    kind: 'non-finite',
    severity: 'problem',
    seen: asSentence(seen),
    why:
      'The weights grew until a number overflowed, and with it all that is computed from it. A learning ' +
      'rate that is too high does that, the sooner where squared distances are compared.',
    tryNext:
      'Divide the learning rate by 10 (learningRate), compare plain distances (squared: false), or take ' +
      "the network that normalises its embeddings (network: 'mnist').",
  };
}

/** JSON has no NaN: what was not finite comes back from a file as null. */
function firstNotFinite({ metrics }: RunRecord): string | undefined {
  for (const { step, split, values } of metrics) {
    const wrong = Object.entries(values).find(([, value]) => !Number.isFinite(value));
    if (wrong) return `${split} ${wrong[0]} is not finite at step ${step}`;
  }
  return undefined;
}

function asSentence(text: string): string {
  return text[0].toUpperCase() + text.slice(1) + (text.endsWith('.') ? '' : '.');
}
