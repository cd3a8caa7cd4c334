/**
 * The program of a training process, which `trainingProcess` starts. A Ctrl-C reaches every process
 * of a terminal's group: this one leaves it to its parent to say what is to be done, from the first
 * moment on, before the long loading of what training needs.
 */
process.on('SIGINT', () => undefined);

void import('./serve-trials.js').then(({ serveTrials }) => serveTrials());
