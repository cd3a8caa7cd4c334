import { describe, expect, it } from 'vitest';
import { configuration, type Configuration } from './configuration';
import { runHash } from './identity';
import { configure, PRESETS, projectionIterations, type Preset } from './preset';

const DEFAULTS: Configuration = {
  name: 'run',
  dataset: 'mnist',
  inverted: false,
  validationShare: 0,
  network: 'mnist',
  blocks: 2,
  dimension: 64,
  strategy: 'batch_all',
  margin: 0.5,
  squared: false,
  sampling: 'shuffled',
  classesPerBatch: 10,
  shuffleBuffer: 100,
  batchSize: 64,
  steps: 18_750,
  learningRate: 1e-3,
  logEvery: 25,
  evaluateEvery: 1_875,
  seed: 1,
  engine: 'compiled',
  threads: 1,
};

const CIRCULAR: Record<string, unknown> = {};
CIRCULAR.self = CIRCULAR;

describe('configuration', () => {
  it('has the settings of the MNIST study for defaults', () => {
    expect(configuration()).toEqual(DEFAULTS);
    expect(configuration({})).toEqual(DEFAULTS);
  });

  it('is complete already: completing it again changes nothing', () => {
    const settings = configuration({ margin: 'soft', strategy: 'batch_hard', trainLimit: 100 });
    expect(configuration(settings)).toEqual(settings);
  });

  it('takes undefined for a setting that is left out', () => {
    expect(configuration({ margin: undefined, trainLimit: undefined })).toEqual(DEFAULTS);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ margin: 0 }, 'margin: must be > 0, got 0'],
    [{ margin: -1 }, 'margin: must be > 0, got -1'],
    [{ margin: 'hard' }, "margin: must be a number or must be 'soft', got 'hard'"],
    [{ margin: null }, "margin: must be a number or must be 'soft', got null"],
    [{ margin: 'soft' }, "margin 'soft' goes with strategy 'batch_hard', got 'batch_all'"],
    [{ dataset: 'cifar' }, "dataset: must be 'mnist' or 'fashion-mnist', got 'cifar'"],
    [{ network: 'resnet' }, "network: must be 'mnist' or 'fashion', got 'resnet'"],
    [
      { strategy: 'hardest' },
      "strategy: must be 'batch_all' or 'batch_hard' or 'semi_hard' or 'softmax', got 'hardest'",
    ],
    [
      { sampling: 'random' },
      "sampling: must be 'shuffled' or 'balanced' or 'class_ordered', got 'random'",
    ],
    [
      { sampling: 'balanced' },
      "batchSize: must be a multiple of classesPerBatch = 10 with sampling 'balanced', got 64",
    ],
    [
      { sampling: 'balanced', batchSize: 6, classesPerBatch: 8 },
      "batchSize: must be a multiple of classesPerBatch = 8 with sampling 'balanced', got 6",
    ],
    [{ classesPerBatch: 0 }, 'classesPerBatch: must be > 0, got 0'],
    [{ shuffleBuffer: 0.5 }, 'shuffleBuffer: must be a whole number, got 0.5'],
    [{ inverted: 'yes' }, "inverted: must be a boolean or must be 'stretched', got 'yes'"],
    [{ validationShare: -0.2 }, 'validationShare: must be >= 0, got -0.2'],
    [{ validationShare: 1 }, 'validationShare: must be < 1, got 1'],
    [{ validationShare: NaN }, 'validationShare: must be a number, got NaN'],
    [{ engine: 'gpu' }, "engine: must be 'auto' or 'compiled'"],
    [{ blocks: 4 }, 'blocks: must be 2 or must be 3, got 4'],
    [{ steps: 0 }, 'steps: must be > 0, got 0'],
    [{ steps: 1.5 }, 'steps: must be a whole number, got 1.5'],
    [{ steps: '100' }, "steps: must be a number, got '100'"],
    [{ steps: 2 ** 60 }, 'steps: must be'],
    [{ batchSize: 1 }, 'batchSize: must be >= 2, got 1'],
    [{ dimension: -3 }, 'dimension: must be > 0, got -3'],
    [{ trainLimit: 0 }, 'trainLimit: must be > 0, got 0'],
    [{ testLimit: NaN }, 'testLimit: must be a number, got NaN'],
    [{ logEvery: Infinity }, 'logEvery: must be a number, got Infinity'],
    [{ evaluateEvery: [] }, 'evaluateEvery: must be a number, got []'],
    [{ learningRate: 0 }, 'learningRate: must be > 0, got 0'],
    [{ learningRate: Infinity }, 'learningRate: must be a number, got Infinity'],
    [{ squared: 1 }, 'squared: must be a boolean, got 1'],
    [{ steps: 5n }, 'steps: must be a number, got 5n'],
    [{ steps: CIRCULAR }, 'steps: must be a number, got <ref *1>'],
    [{ seed: -1 }, 'seed: must be >= 0, got -1'],
    [{ threads: 0 }, 'threads: must be > 0, got 0'],
    [{ name: '' }, "name: must be a-z, 0-9, dot, dash or underscore, 1 to 64 long, got ''"],
    [{ name: '../escape' }, 'name: must be a-z, 0-9, dot, dash or underscore, 1 to 64 long, got'],
    [{ name: 'a/b' }, 'name: must be'],
    [{ name: 'Run' }, 'name: must be'],
    [{ name: 'x'.repeat(65) }, 'name: must be'],
    [{ name: 7 }, 'name: must be a string, got 7'],
    [{ margn: 1 }, 'margn: no such setting; the settings are name, dataset, trainLimit,'],
  ])('refuses %o', (settings, message) => {
    expect(() => configuration(settings)).toThrow(TypeError);
    expect(() => configuration(settings)).toThrow(`configuration: ${message}`);
  });

  it('names everything that is wrong at once', () => {
    expect(() => configuration({ margin: -1, steps: 0, seed: 0.5 })).toThrow(
      'configuration: margin: must be > 0, got -1; ' +
        'steps: must be > 0, got 0; seed: must be a whole number, got 0.5',
    );
  });

  it.each([null, 5, 'paper', []])('refuses %o in place of settings', (settings) => {
    expect(() => configuration(settings as never)).toThrow(/^configuration: settings: must be/);
  });
});

describe('configure', () => {
  it('ranks defaults < experiment < preset < overrides', () => {
    const experiment = { margin: 3, steps: 7, learningRate: 0.5 };
    const found = configure(experiment, 'smoke', { learningRate: 0.1, testLimit: 9 });
    expect(found).toEqual({
      ...DEFAULTS,
      margin: 3,
      steps: 7,
      evaluateEvery: 4,
      logEvery: 1,
      trainLimit: 2_000,
      testLimit: 9,
      learningRate: 0.1,
    });
  });

  it('sets only how much is done, never what is studied', () => {
    const amounts = ['steps', 'evaluateEvery', 'logEvery', 'trainLimit', 'testLimit'];
    for (const preset of PRESETS) {
      const changed = Object.entries(configure({}, preset)).filter(
        ([name, value]) => value !== DEFAULTS[name as keyof Configuration],
      );
      expect(amounts).toEqual(expect.arrayContaining(changed.map(([name]) => name)));
    }
  });

  it("has the MNIST study's schedule for the preset paper", () => {
    expect(configure({}, 'paper')).toMatchObject({ steps: 18_750, evaluateEvery: 1_875 });
    expect(configure({}, 'paper').trainLimit).toBeUndefined();
  });

  it('scales the published steps of the experiment, and spreads the rest over them', () => {
    const amounts = ({ steps, evaluateEvery, logEvery }: Configuration): number[] => [
      steps,
      evaluateEvery,
      logEvery,
    ];
    const softmax = { steps: 500_000 };
    expect(amounts(configure(softmax, 'smoke'))).toEqual([40, 20, 5]);
    expect(amounts(configure(softmax, 'quick'))).toEqual([8_000, 1_600, 107]);
    expect(amounts(configure(softmax, 'paper'))).toEqual([500_000, 50_000, 3_334]);
    expect(amounts(configure({}, 'quick'))).toEqual([750, 150, 10]);
    expect(amounts(configure({}, 'paper'))).toEqual([18_750, 1_875, 125]);
    expect(amounts(configure({ steps: 1 }, 'quick'))).toEqual([1, 1, 1]);
  });

  it("takes an experiment's own intervals for its published schedule alone", () => {
    const study = { steps: 100_000, evaluateEvery: 2_000, logEvery: 500 };
    expect(configure(study, 'paper')).toMatchObject(study);
    expect(configure(study, 'quick')).toMatchObject({ steps: 4_000, evaluateEvery: 800 });
  });

  it('lets the intervals follow overridden steps, unless they are overridden too', () => {
    const study = { steps: 100_000 };
    expect(configure(study, 'paper', { steps: 30_000 })).toMatchObject({ evaluateEvery: 3_000 });
    expect(configure(study, 'paper', { steps: 30_000, evaluateEvery: 7 })).toMatchObject({
      steps: 30_000,
      evaluateEvery: 7,
      logEvery: 200,
    });
  });

  it('refuses steps that cannot be scaled, by their name', () => {
    const message = "configuration: steps: must be a number, got 'many'";
    const settings = { steps: 'many' as never };
    expect(() => configure(settings, 'quick')).toThrow(new TypeError(message));
    expect(() => configure({}, 'quick', settings)).toThrow(new TypeError(message));
  });

  it('does more from preset to preset', () => {
    const steps = PRESETS.map((preset) => configure({}, preset).steps);
    const [byTsne, byUmap] = (['tsne', 'umap'] as const).map((method) =>
      PRESETS.map((preset) => projectionIterations(preset, method)),
    );
    for (const list of [steps, byTsne, byUmap])
      expect(list).toEqual([...list].sort((a, b) => a - b));
  });

  it.each(['fast', '', undefined, 'toString'])('refuses the preset %o', (preset) => {
    const message = `preset: must be one of smoke, quick, paper, got '${preset}'`;
    expect(() => configure({}, preset as Preset)).toThrow(new TypeError(message));
    expect(() => projectionIterations(preset as Preset, 'tsne')).toThrow(new TypeError(message));
  });
});

describe('runHash', () => {
  const engine = { engine: 'compiled', reason: 'as configured' } as const;
  const hash = (settings: Partial<Configuration> = {}): string =>
    runHash(configuration(settings), engine, 'data');

  it('is 12 hexadecimal digits, the same for the same settings in any order', () => {
    const settings = { margin: 1, steps: 9, seed: 4 };
    const reversed = Object.fromEntries(Object.entries(settings).reverse());
    expect(hash(settings)).toMatch(/^[0-9a-f]{12}$/);
    expect(hash(reversed)).toBe(hash(settings));
    const config = configuration(settings);
    const shuffled = Object.fromEntries(
      Object.entries(config).reverse(),
    ) as unknown as Configuration;
    expect(runHash(shuffled, engine, 'data')).toBe(hash(settings));
  });

  it('stays what it is: a new value would orphan every run of today', () => {
    expect(hash()).toBe('f35f84b37d34');
  });

  it.each<Partial<Configuration>>([
    { dataset: 'fashion-mnist' },
    { trainLimit: 100 },
    { testLimit: 100 },
    { network: 'fashion' },
    { blocks: 3 },
    { dimension: 32 },
    { strategy: 'batch_hard' },
    { strategy: 'semi_hard' },
    { margin: 1 },
    { squared: true },
    { strategy: 'softmax' },
    { sampling: 'class_ordered' },
    { sampling: 'balanced', batchSize: 60 },
    { classesPerBatch: 8 },
    { shuffleBuffer: 1_000 },
    { inverted: true },
    { inverted: 'stretched' },
    { validationShare: 0.2 },
    { batchSize: 32 },
    { steps: 100 },
    { learningRate: 1e-4 },
    { logEvery: 1 },
    { evaluateEvery: 1 },
    { seed: 2 },
    { threads: 2 },
  ])('changes with %o', (settings) => {
    expect(hash(settings)).not.toBe(hash());
  });

  it('changes with the data and with the engine that was chosen, not with the reason', () => {
    const config = configuration();
    expect(runHash(config, engine, 'other data')).not.toBe(hash());
    expect(runHash(config, { ...engine, engine: 'wasm' }, 'data')).not.toBe(hash());
    expect(runHash(config, { ...engine, reason: 'another' }, 'data')).toBe(hash());
  });

  it("does not change with the name, nor between 'auto' and what it came down to", () => {
    expect(hash({ name: 'another' })).toBe(hash());
    expect(hash({ engine: 'auto' })).toBe(hash());
  });
});
