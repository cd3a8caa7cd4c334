/** @throws Error naming the first metric that is not finite, and the step: the training diverged */
export function requireFiniteMetrics(metrics: Record<string, number>, step: number): void {
  for (const [name, value] of Object.entries(metrics)) {
    if (Number.isFinite(value)) continue;
    throw new Error(
      `training: ${name} is ${value} at step ${step}. A smaller learningRate usually helps; ` +
        'with squared distances, so does a smaller margin',
    );
  }
}
